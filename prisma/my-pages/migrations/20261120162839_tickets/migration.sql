-- CreateEnum
CREATE TYPE "TicketType" AS ENUM ('ONE_HOUR', 'ONE_DAY');

-- CreateEnum
CREATE TYPE "TicketStatus" AS ENUM ('AVAILABLE', 'USED', 'EXPIRED', 'VOIDED');

-- CreateTable
CREATE TABLE "TicketRow" (
    "id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "accountId" TEXT NOT NULL,
    "ticketStatus" "TicketStatus",
    "revision" INTEGER NOT NULL,
    "type" "TicketType",
    "amount" INTEGER,
    "usingMinutes" INTEGER,
    "validUntil" TIMESTAMPTZ(3),
    "purchasedAt" TIMESTAMPTZ(3),
    "paymentId" TEXT,
    "paymentStatus" "PaymentStatus",
    "refunded" INTEGER NOT NULL,
    "rentalId" TEXT,
    "kickboardId" TEXT,
    "kickboardSerial" TEXT,
    "rentedAt" TIMESTAMPTZ(3),
    "dueAt" TIMESTAMPTZ(3),
    "returnedAt" TIMESTAMPTZ(3),
    "overdue" BOOLEAN NOT NULL,
    "status" "TicketStatus",
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "TicketRow_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "TicketRow_accountId_status_id_idx" ON "TicketRow"("accountId", "status", "id" DESC);

-- CreateIndex
CREATE INDEX "TicketRow_status_id_idx" ON "TicketRow"("status", "id" DESC);
