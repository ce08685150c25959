-- CreateTable
CREATE TABLE "Reward" (
    "id" UUID NOT NULL,
    "accountId" TEXT NOT NULL,
    "missionId" TEXT NOT NULL,
    "recordId" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "points" INTEGER NOT NULL,
    "grantedAt" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "Reward_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Reward_recordId_key" ON "Reward"("recordId");

-- CreateIndex
CREATE INDEX "Reward_accountId_id_idx" ON "Reward"("accountId", "id");
