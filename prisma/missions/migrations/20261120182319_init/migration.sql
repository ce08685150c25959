-- CreateEnum
CREATE TYPE "MissionRecordStatus" AS ENUM ('ACHIEVED', 'REWARDED', 'MESSAGED');

-- CreateTable
CREATE TABLE "Mission" (
    "id" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "points" INTEGER NOT NULL,
    "active" BOOLEAN NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "Mission_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "MissionRecord" (
    "id" UUID NOT NULL,
    "accountId" TEXT NOT NULL,
    "missionId" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "points" INTEGER NOT NULL,
    "status" "MissionRecordStatus" NOT NULL,
    "achievedAt" TIMESTAMPTZ(3) NOT NULL,
    "rewardId" TEXT,
    "rewardedAt" TIMESTAMPTZ(3),
    "messageId" TEXT,
    "messageChannel" TEXT,
    "messageAt" TIMESTAMPTZ(3),
    "messageFailure" TEXT,
    "version" INTEGER NOT NULL,

    CONSTRAINT "MissionRecord_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "MissionRecord_accountId_id_idx" ON "MissionRecord"("accountId", "id");

-- CreateIndex
CREATE INDEX "MissionRecord_status_id_idx" ON "MissionRecord"("status", "id");

-- CreateIndex
CREATE UNIQUE INDEX "MissionRecord_accountId_missionId_key" ON "MissionRecord"("accountId", "missionId");
