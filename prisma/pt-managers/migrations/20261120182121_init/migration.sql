-- CreateEnum
CREATE TYPE "TrainerAssignmentStatus" AS ENUM ('ORDER_ACCEPTED', 'TRAINER_ASSIGNED', 'ORDER_CONFIRMED', 'ORDER_CANCEL_ACCEPTED', 'CANCELLED');

-- CreateTable
CREATE TABLE "TrainerAssignment" (
    "id" UUID NOT NULL,
    "accountId" TEXT NOT NULL,
    "orderId" TEXT NOT NULL,
    "status" "TrainerAssignmentStatus" NOT NULL,
    "classId" TEXT,
    "className" TEXT,
    "durationMinutes" INTEGER,
    "acceptedAt" TIMESTAMPTZ(3),
    "trainerId" TEXT,
    "assignedAt" TIMESTAMPTZ(3),
    "scheduleId" TEXT,
    "lessonAt" TIMESTAMPTZ(3),
    "confirmedAt" TIMESTAMPTZ(3),
    "cancelAcceptedAt" TIMESTAMPTZ(3),
    "cancelledAt" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL,

    CONSTRAINT "TrainerAssignment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "HeardTrainer" (
    "id" TEXT NOT NULL,

    CONSTRAINT "HeardTrainer_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "TrainerAssignment_orderId_key" ON "TrainerAssignment"("orderId");

-- CreateIndex
CREATE INDEX "TrainerAssignment_status_id_idx" ON "TrainerAssignment"("status", "id");
