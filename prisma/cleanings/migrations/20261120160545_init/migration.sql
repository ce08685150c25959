-- CreateEnum
CREATE TYPE "CleaningStatus" AS ENUM ('REQUESTED', 'CONFIRMED', 'DONE', 'CANCELLED');

-- CreateTable
CREATE TABLE "Cleaning" (
    "id" UUID NOT NULL,
    "accountId" TEXT NOT NULL,
    "reservationId" TEXT NOT NULL,
    "status" "CleaningStatus" NOT NULL,
    "title" TEXT,
    "place" TEXT,
    "cleaningAt" TIMESTAMPTZ(3),
    "requestedAt" TIMESTAMPTZ(3),
    "confirmedAt" TIMESTAMPTZ(3),
    "doneAt" TIMESTAMPTZ(3),
    "cancelledAt" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL,

    CONSTRAINT "Cleaning_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Cleaning_reservationId_key" ON "Cleaning"("reservationId");

-- CreateIndex
CREATE INDEX "Cleaning_status_id_idx" ON "Cleaning"("status", "id");
