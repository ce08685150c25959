-- CreateEnum
CREATE TYPE "CleaningReservationStatus" AS ENUM ('RESERVED', 'CONFIRMED', 'DONE', 'CANCELLING', 'CANCELLED');

-- CreateEnum
CREATE TYPE "CleaningStatus" AS ENUM ('REQUESTED', 'CONFIRMED', 'DONE', 'CANCELLED');

-- CreateTable
CREATE TABLE "CleaningReservationRow" (
    "id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "accountId" TEXT NOT NULL,
    "status" "CleaningReservationStatus",
    "title" TEXT,
    "minutes" INTEGER,
    "amount" INTEGER,
    "place" TEXT,
    "cleaningAt" TIMESTAMPTZ(3),
    "cancellationRejectedReason" TEXT,
    "cancellationRejectedAt" TIMESTAMPTZ(3),
    "reservedAt" TIMESTAMPTZ(3),
    "confirmedAt" TIMESTAMPTZ(3),
    "doneAt" TIMESTAMPTZ(3),
    "cancelledAt" TIMESTAMPTZ(3),
    "paymentId" TEXT,
    "paymentStatus" "PaymentStatus",
    "refunded" INTEGER NOT NULL,
    "cleaningId" TEXT,
    "cleaningStatus" "CleaningStatus",
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "CleaningReservationRow_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "CleaningReservationRow_accountId_id_idx" ON "CleaningReservationRow"("accountId", "id" DESC);

-- CreateIndex
CREATE INDEX "CleaningReservationRow_status_id_idx" ON "CleaningReservationRow"("status", "id" DESC);
