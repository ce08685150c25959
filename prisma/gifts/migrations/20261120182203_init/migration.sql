-- CreateEnum
CREATE TYPE "GiftStatus" AS ENUM ('ISSUED', 'ACTIVE', 'USED', 'VOIDED');

-- CreateTable
CREATE TABLE "GiftItem" (
    "id" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "points" INTEGER NOT NULL,
    "stock" INTEGER,
    "remaining" INTEGER,
    "registeredAt" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "GiftItem_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Gift" (
    "id" UUID NOT NULL,
    "accountId" TEXT NOT NULL,
    "exchangeId" TEXT NOT NULL,
    "giftItemId" UUID,
    "title" TEXT,
    "points" INTEGER,
    "limited" BOOLEAN NOT NULL,
    "status" "GiftStatus" NOT NULL,
    "issuedAt" TIMESTAMPTZ(3),
    "activatedAt" TIMESTAMPTZ(3),
    "usedAt" TIMESTAMPTZ(3),
    "voidedAt" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL,

    CONSTRAINT "Gift_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Gift_exchangeId_key" ON "Gift"("exchangeId");

-- CreateIndex
CREATE INDEX "Gift_accountId_id_idx" ON "Gift"("accountId", "id");

-- CreateIndex
CREATE INDEX "Gift_status_id_idx" ON "Gift"("status", "id");

-- What no decision and no bug may ever get past
ALTER TABLE "GiftItem" ADD CONSTRAINT "GiftItem_priced" CHECK ("points" > 0),
  ADD CONSTRAINT "GiftItem_stock" CHECK (("stock" IS NULL) = ("remaining" IS NULL) AND "remaining" BETWEEN 0 AND "stock");
ALTER TABLE "Gift" ADD CONSTRAINT "Gift_issued" CHECK (num_nulls("giftItemId", "title", "points", "issuedAt") IN (0, 4)
    AND ("issuedAt" IS NOT NULL OR ("status" = 'VOIDED' AND NOT "limited"))),
  ADD CONSTRAINT "Gift_activated" CHECK (("activatedAt" IS NOT NULL) = ("status" IN ('ACTIVE', 'USED'))),
  ADD CONSTRAINT "Gift_used" CHECK (("usedAt" IS NOT NULL) = ("status" = 'USED')),
  ADD CONSTRAINT "Gift_voided" CHECK (("voidedAt" IS NOT NULL) = ("status" = 'VOIDED'));

-- The row of a limited item is updated by every gift of it: with room on its page, no index is touched
ALTER TABLE "GiftItem" SET (fillfactor = 50);
ALTER TABLE "Gift" SET (fillfactor = 80);
