-- CreateEnum
CREATE TYPE "PaymentStatus" AS ENUM ('REQUESTED', 'APPROVED', 'DECLINED', 'CANCELLING', 'CANCELLED');

-- CreateEnum
CREATE TYPE "MethodKind" AS ENUM ('CREDIT_CARD', 'DEBIT_CARD', 'BANK_ACCOUNT');

-- CreateEnum
CREATE TYPE "DeclineReason" AS ENUM ('INSUFFICIENT_FUNDS', 'LIMIT_EXCEEDED', 'LOST_OR_STOLEN', 'DO_NOT_HONOR', 'METHOD_REMOVED');

-- CreateEnum
CREATE TYPE "BillingKeyStatus" AS ENUM ('ACTIVE', 'REVOKED');

-- CreateEnum
CREATE TYPE "SandboxEntry" AS ENUM ('CHARGE', 'REFUND', 'WITHDRAWAL');

-- CreateTable
CREATE TABLE "Payment" (
    "id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "accountId" TEXT NOT NULL,
    "context" TEXT NOT NULL,
    "reference" TEXT NOT NULL,
    "idempotencyKey" TEXT,
    "amount" INTEGER NOT NULL,
    "orderName" TEXT,
    "methodKind" "MethodKind",
    "methodLast4" TEXT,
    "billingKeyId" UUID,
    "billingKeyRevision" INTEGER,
    "status" "PaymentStatus" NOT NULL,
    "declineReason" "DeclineReason",
    "refunded" INTEGER NOT NULL,
    "requestedAt" TIMESTAMPTZ(3) NOT NULL,
    "approvedAt" TIMESTAMPTZ(3),
    "cancelledAt" TIMESTAMPTZ(3),

    CONSTRAINT "Payment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "BillingKey" (
    "id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "accountId" TEXT NOT NULL,
    "status" "BillingKeyStatus" NOT NULL,
    "kind" "MethodKind",
    "last4" TEXT,
    "fingerprint" TEXT,
    "token" TEXT,
    "revision" INTEGER NOT NULL,
    "numberRevision" INTEGER,

    CONSTRAINT "BillingKey_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Payer" (
    "accountId" TEXT NOT NULL,
    "defaultKeyId" UUID NOT NULL,
    "revision" INTEGER NOT NULL,

    CONSTRAINT "Payer_pkey" PRIMARY KEY ("accountId")
);

-- CreateTable
CREATE TABLE "SandboxAuthorisation" (
    "idempotencyKey" TEXT NOT NULL,
    "token" TEXT,
    "kind" "MethodKind" NOT NULL,
    "refused" TEXT,
    "declines" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "SandboxAuthorisation_pkey" PRIMARY KEY ("idempotencyKey")
);

-- CreateTable
CREATE TABLE "SandboxLedger" (
    "idempotencyKey" TEXT NOT NULL,
    "entry" "SandboxEntry" NOT NULL,
    "chargeId" UUID,
    "amount" INTEGER NOT NULL,
    "declined" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "SandboxLedger_pkey" PRIMARY KEY ("idempotencyKey")
);

-- CreateTable
CREATE TABLE "SandboxSwitch" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "outage" BOOLEAN NOT NULL DEFAULT false,
    "answersLost" BOOLEAN NOT NULL DEFAULT false,
    "latencyMinMs" INTEGER,
    "latencyMaxMs" INTEGER,

    CONSTRAINT "SandboxSwitch_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Payment_accountId_id_idx" ON "Payment"("accountId", "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "Payment_context_reference_key" ON "Payment"("context", "reference");

-- CreateIndex
CREATE UNIQUE INDEX "Payment_context_idempotencyKey_key" ON "Payment"("context", "idempotencyKey");

-- CreateIndex
CREATE INDEX "BillingKey_accountId_idx" ON "BillingKey"("accountId");

-- CreateIndex
CREATE UNIQUE INDEX "SandboxAuthorisation_token_key" ON "SandboxAuthorisation"("token");

-- CreateIndex
CREATE UNIQUE INDEX "SandboxLedger_chargeId_entry_key" ON "SandboxLedger"("chargeId", "entry");

-- What no decision and no bug may ever get past
ALTER TABLE "Payment" ADD CONSTRAINT "Payment_refunded_once" CHECK ("refunded" = 0 OR ("status" = 'CANCELLED' AND "refunded" = "amount")),
  ADD CONSTRAINT "Payment_tombstone" CHECK (("orderName" IS NULL) = ("amount" = 0) AND ("amount" > 0 OR "status" = 'CANCELLED')),
  ADD CONSTRAINT "Payment_method" CHECK (("orderName" IS NULL) = ("billingKeyId" IS NULL));
ALTER TABLE "BillingKey" ADD CONSTRAINT "BillingKey_chargeable" CHECK (("status" = 'ACTIVE') = ("token" IS NOT NULL));
ALTER TABLE "SandboxSwitch" ADD CONSTRAINT "SandboxSwitch_one_row" CHECK ("id" = 1);
INSERT INTO "SandboxSwitch" DEFAULT VALUES;

-- A payment is updated once right after it was inserted: with room on its page, no index is touched then
ALTER TABLE "Payment" SET (fillfactor = 80);
