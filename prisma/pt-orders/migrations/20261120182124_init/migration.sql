-- CreateEnum
CREATE TYPE "PtOrderStatus" AS ENUM ('ORDERED', 'ACCEPTED', 'CONFIRMED', 'COMPLETED', 'CANCELLING', 'CANCELLED');

-- CreateTable
CREATE TABLE "PtClass" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "durationMinutes" INTEGER NOT NULL,
    "price" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "PtClass_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "PtOrder" (
    "id" UUID NOT NULL,
    "accountId" TEXT NOT NULL,
    "classId" UUID NOT NULL,
    "className" TEXT NOT NULL,
    "durationMinutes" INTEGER NOT NULL,
    "price" INTEGER NOT NULL,
    "status" "PtOrderStatus" NOT NULL,
    "trainerId" TEXT,
    "scheduleId" TEXT,
    "lessonAt" TIMESTAMPTZ(3),
    "cancellationRejectedReason" TEXT,
    "orderedAt" TIMESTAMPTZ(3) NOT NULL,
    "acknowledgedAt" TIMESTAMPTZ(3),
    "confirmedAt" TIMESTAMPTZ(3),
    "completedAt" TIMESTAMPTZ(3),
    "cancelledAt" TIMESTAMPTZ(3),
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "PtOrder_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "PtClass_name_key" ON "PtClass"("name");

-- CreateIndex
CREATE INDEX "PtOrder_accountId_id_idx" ON "PtOrder"("accountId", "id");

-- CreateIndex
CREATE INDEX "PtOrder_status_id_idx" ON "PtOrder"("status", "id");
