-- CreateEnum
CREATE TYPE "PtOrderStatus" AS ENUM ('ORDERED', 'ACCEPTED', 'CONFIRMED', 'COMPLETED', 'CANCELLING', 'CANCELLED');

-- CreateEnum
CREATE TYPE "AssignmentStatus" AS ENUM ('ORDER_ACCEPTED', 'TRAINER_ASSIGNED', 'ORDER_CONFIRMED', 'ORDER_CANCEL_ACCEPTED', 'CANCELLED');

-- CreateEnum
CREATE TYPE "ScheduleStatus" AS ENUM ('REQUESTED', 'CONFIRMED', 'RESULT_POSTED', 'CANCELLED');

-- CreateEnum
CREATE TYPE "MissionRecordStatus" AS ENUM ('ACHIEVED', 'REWARDED', 'MESSAGED');

-- CreateEnum
CREATE TYPE "GiftStatus" AS ENUM ('ISSUED', 'ACTIVE', 'USED', 'VOIDED');

-- CreateTable
CREATE TABLE "PtOrderRow" (
    "id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "accountId" TEXT NOT NULL,
    "status" "PtOrderStatus",
    "classId" TEXT,
    "className" TEXT,
    "durationMinutes" INTEGER,
    "price" INTEGER,
    "cancellationRejectedReason" TEXT,
    "cancellationRejectedAt" TIMESTAMPTZ(3),
    "orderedAt" TIMESTAMPTZ(3),
    "acknowledgedAt" TIMESTAMPTZ(3),
    "confirmedAt" TIMESTAMPTZ(3),
    "completedAt" TIMESTAMPTZ(3),
    "cancelledAt" TIMESTAMPTZ(3),
    "assignmentId" TEXT,
    "assignmentStatus" "AssignmentStatus",
    "cancelRefused" BOOLEAN NOT NULL,
    "scheduleId" TEXT,
    "scheduleStatus" "ScheduleStatus",
    "endsAt" TIMESTAMPTZ(3),
    "result" TEXT,
    "resultPostedAt" TIMESTAMPTZ(3),
    "trainerId" TEXT,
    "lessonAt" TIMESTAMPTZ(3),
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "PtOrderRow_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "MissionRecordRow" (
    "id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "accountId" TEXT NOT NULL,
    "status" "MissionRecordStatus",
    "missionId" TEXT,
    "title" TEXT,
    "points" INTEGER,
    "achievedAt" TIMESTAMPTZ(3),
    "rewardedAt" TIMESTAMPTZ(3),
    "messageId" TEXT,
    "messageChannel" TEXT,
    "messagedAt" TIMESTAMPTZ(3),
    "messageFailureReason" TEXT,
    "messageFailedAt" TIMESTAMPTZ(3),
    "rewardId" TEXT,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "MissionRecordRow_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "GiftRow" (
    "id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "accountId" TEXT NOT NULL,
    "status" "GiftStatus",
    "giftId" TEXT,
    "giftItemId" TEXT,
    "title" TEXT,
    "points" INTEGER,
    "activatedAt" TIMESTAMPTZ(3),
    "usedAt" TIMESTAMPTZ(3),
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "GiftRow_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "PtOrderRow_accountId_id_idx" ON "PtOrderRow"("accountId", "id" DESC);

-- CreateIndex
CREATE INDEX "PtOrderRow_status_id_idx" ON "PtOrderRow"("status", "id" DESC);

-- CreateIndex
CREATE INDEX "MissionRecordRow_accountId_id_idx" ON "MissionRecordRow"("accountId", "id" DESC);

-- CreateIndex
CREATE INDEX "MissionRecordRow_status_id_idx" ON "MissionRecordRow"("status", "id" DESC);

-- CreateIndex
CREATE INDEX "GiftRow_accountId_id_idx" ON "GiftRow"("accountId", "id" DESC);

-- CreateIndex
CREATE INDEX "GiftRow_status_id_idx" ON "GiftRow"("status", "id" DESC);
