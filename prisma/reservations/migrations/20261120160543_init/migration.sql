-- CreateEnum
CREATE TYPE "CleaningReservationStatus" AS ENUM ('PENDING', 'RESERVED', 'CONFIRMED', 'DONE', 'CANCELLING', 'CANCELLED', 'DROPPED');

-- CreateTable
CREATE TABLE "CleaningPlan" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "minutes" INTEGER NOT NULL,
    "price" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "CleaningPlan_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CleaningReservation" (
    "id" UUID NOT NULL,
    "accountId" TEXT NOT NULL,
    "planId" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "minutes" INTEGER NOT NULL,
    "amount" INTEGER NOT NULL,
    "place" TEXT NOT NULL,
    "cleaningAt" TIMESTAMPTZ(3) NOT NULL,
    "status" "CleaningReservationStatus" NOT NULL,
    "cancellationRejectedReason" TEXT,
    "paymentId" TEXT,
    "reservedAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "CleaningReservation_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "CleaningPlan_name_key" ON "CleaningPlan"("name");

-- CreateIndex
CREATE INDEX "CleaningReservation_accountId_id_idx" ON "CleaningReservation"("accountId", "id");

-- CreateIndex
CREATE INDEX "CleaningReservation_status_id_idx" ON "CleaningReservation"("status", "id");
