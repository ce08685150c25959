-- CreateEnum
CREATE TYPE "EntryKind" AS ENUM ('CREDIT', 'HOLD', 'CAPTURE', 'RELEASE');

-- CreateEnum
CREATE TYPE "GiftExchangeStatus" AS ENUM ('HELD', 'RELEASING', 'CAPTURED', 'RELEASED');

-- CreateTable
CREATE TABLE "Wallet" (
    "id" TEXT NOT NULL,
    "balance" INTEGER NOT NULL,
    "held" INTEGER NOT NULL,
    "entries" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "Wallet_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Entry" (
    "walletId" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "kind" "EntryKind" NOT NULL,
    "points" INTEGER NOT NULL,
    "change" INTEGER NOT NULL,
    "balance" INTEGER NOT NULL,
    "held" INTEGER NOT NULL,
    "title" TEXT NOT NULL,
    "reference" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Entry_pkey" PRIMARY KEY ("walletId","number")
);

-- CreateTable
CREATE TABLE "GiftExchange" (
    "id" UUID NOT NULL,
    "accountId" TEXT NOT NULL,
    "giftItemId" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "points" INTEGER NOT NULL,
    "status" "GiftExchangeStatus" NOT NULL,
    "reason" TEXT,
    "giftId" UUID,
    "requestedAt" TIMESTAMPTZ(3) NOT NULL,
    "decidedAt" TIMESTAMPTZ(3),

    CONSTRAINT "GiftExchange_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "GiftItem" (
    "id" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "points" INTEGER NOT NULL,
    "registeredAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "GiftItem_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "GiftExchange_accountId_id_idx" ON "GiftExchange"("accountId", "id");

-- What no decision and no bug may ever get past
ALTER TABLE "Wallet" ADD CONSTRAINT "Wallet_never_below_zero" CHECK ("balance" >= 0 AND "held" >= 0 AND "entries" >= 0);
ALTER TABLE "Entry" ADD CONSTRAINT "Entry_never_below_zero" CHECK ("points" > 0 AND "balance" >= 0 AND "held" >= 0 AND "number" > 0),
  ADD CONSTRAINT "Entry_change" CHECK ("change" = CASE "kind" WHEN 'HOLD' THEN -"points" WHEN 'CAPTURE' THEN 0 ELSE "points" END);
ALTER TABLE "GiftExchange" ADD CONSTRAINT "GiftExchange_priced" CHECK ("points" > 0),
  ADD CONSTRAINT "GiftExchange_captured" CHECK (("giftId" IS NOT NULL) = ("status" = 'CAPTURED')),
  ADD CONSTRAINT "GiftExchange_given_up" CHECK (("reason" IS NOT NULL) = ("status" IN ('RELEASING', 'RELEASED'))),
  ADD CONSTRAINT "GiftExchange_decided" CHECK (("decidedAt" IS NOT NULL) = ("status" IN ('CAPTURED', 'RELEASED')));

-- A reward is credited once, an exchange is held once, and then either captured or released once (which the Prisma schema cannot express)
CREATE UNIQUE INDEX "Entry_booked_once" ON "Entry"("reference", ("kind" IN ('CAPTURE', 'RELEASE')));

-- Wallets and exchanges are updated again and again: with room on their pages, no index is touched then
ALTER TABLE "Wallet" SET (fillfactor = 50);
ALTER TABLE "GiftExchange" SET (fillfactor = 80);
