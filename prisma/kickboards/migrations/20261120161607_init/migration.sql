-- CreateEnum
CREATE TYPE "KickboardStatus" AS ENUM ('AVAILABLE', 'RENTED', 'REMOVED');

-- CreateEnum
CREATE TYPE "RentalStatus" AS ENUM ('CLAIMED', 'RENTED', 'RETURNED');

-- CreateEnum
CREATE TYPE "TicketRedemption" AS ENUM ('PENDING', 'REDEEMED', 'REFUSED');

-- CreateEnum
CREATE TYPE "HeardTicketStatus" AS ENUM ('AVAILABLE', 'USED', 'EXPIRED', 'VOIDED');

-- CreateTable
CREATE TABLE "Kickboard" (
    "id" UUID NOT NULL,
    "serial" TEXT NOT NULL,
    "lat" DOUBLE PRECISION NOT NULL,
    "lng" DOUBLE PRECISION NOT NULL,
    "status" "KickboardStatus" NOT NULL,
    "rentalId" UUID,
    "registeredAt" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "Kickboard_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Rental" (
    "id" UUID NOT NULL,
    "accountId" TEXT NOT NULL,
    "kickboardId" UUID NOT NULL,
    "ticketId" TEXT NOT NULL,
    "status" "RentalStatus" NOT NULL,
    "rentedAt" TIMESTAMPTZ(3) NOT NULL,
    "dueAt" TIMESTAMPTZ(3),
    "redemption" "TicketRedemption" NOT NULL,
    "redemptionRefusal" TEXT,
    "returnedAt" TIMESTAMPTZ(3),
    "returnedLat" DOUBLE PRECISION,
    "returnedLng" DOUBLE PRECISION,
    "forced" BOOLEAN NOT NULL,

    CONSTRAINT "Rental_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "HeardTicket" (
    "id" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "status" "HeardTicketStatus" NOT NULL,
    "rentalId" TEXT,
    "validUntil" TIMESTAMPTZ(3),
    "usingMinutes" INTEGER,

    CONSTRAINT "HeardTicket_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Kickboard_serial_key" ON "Kickboard"("serial");

-- CreateIndex
CREATE INDEX "Kickboard_status_id_idx" ON "Kickboard"("status", "id");

-- CreateIndex
CREATE INDEX "Kickboard_lat_idx" ON "Kickboard"("lat");

-- CreateIndex
CREATE UNIQUE INDEX "Rental_ticketId_key" ON "Rental"("ticketId");

-- CreateIndex
CREATE INDEX "Rental_accountId_id_idx" ON "Rental"("accountId", "id");

-- CreateIndex
CREATE INDEX "Rental_status_id_idx" ON "Rental"("status", "id");

-- CreateIndex
CREATE INDEX "Rental_redemption_id_idx" ON "Rental"("redemption", "id");

-- CreateIndex
CREATE INDEX "Rental_kickboardId_idx" ON "Rental"("kickboardId");

-- AddForeignKey
ALTER TABLE "Rental" ADD CONSTRAINT "Rental_kickboardId_fkey" FOREIGN KEY ("kickboardId") REFERENCES "Kickboard"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- A kickboard has one rental at a time, being decided or under way. Prisma's schema cannot say so.
CREATE UNIQUE INDEX "Rental_kickboardId_open_key" ON "Rental"("kickboardId") WHERE "status" IN ('CLAIMED', 'RENTED');
