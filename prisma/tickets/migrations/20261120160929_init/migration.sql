-- CreateEnum
CREATE TYPE "TicketType" AS ENUM ('ONE_HOUR', 'ONE_DAY');

-- CreateEnum
CREATE TYPE "TicketStatus" AS ENUM ('ORDERED', 'AVAILABLE', 'USED', 'EXPIRED', 'VOIDED');

-- CreateTable
CREATE TABLE "Ticket" (
    "id" UUID NOT NULL,
    "accountId" TEXT NOT NULL,
    "type" "TicketType" NOT NULL,
    "amount" INTEGER NOT NULL,
    "usingMinutes" INTEGER NOT NULL,
    "phone" TEXT NOT NULL,
    "orderedAt" TIMESTAMPTZ(3) NOT NULL,
    "status" "TicketStatus" NOT NULL,
    "paymentId" TEXT,
    "purchasedAt" TIMESTAMPTZ(3),
    "validUntil" TIMESTAMPTZ(3),
    "revision" INTEGER NOT NULL,
    "paymentCancelled" BOOLEAN NOT NULL,
    "releasedRentals" TEXT[],
    "rentalId" TEXT,
    "usedAt" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL,

    CONSTRAINT "Ticket_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Ticket_accountId_id_idx" ON "Ticket"("accountId", "id");

-- CreateIndex
CREATE INDEX "Ticket_status_id_idx" ON "Ticket"("status", "id");

-- CreateIndex
CREATE INDEX "Ticket_paymentCancelled_id_idx" ON "Ticket"("paymentCancelled", "id");
