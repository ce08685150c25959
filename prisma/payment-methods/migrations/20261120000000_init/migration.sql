-- CreateEnum
CREATE TYPE "PaymentMethodKind" AS ENUM ('CREDIT_CARD', 'DEBIT_CARD', 'BANK_ACCOUNT');

-- CreateEnum
CREATE TYPE "PaymentMethodStatus" AS ENUM ('REGISTERED', 'REMOVED');

-- CreateTable
CREATE TABLE "Owner" (
    "accountId" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "revision" INTEGER NOT NULL,
    "defaultId" UUID,
    "pending" JSONB,

    CONSTRAINT "Owner_pkey" PRIMARY KEY ("accountId")
);

-- CreateTable
CREATE TABLE "PaymentMethod" (
    "id" UUID NOT NULL,
    "accountId" TEXT NOT NULL,
    "kind" "PaymentMethodKind" NOT NULL,
    "last4" TEXT NOT NULL,
    "status" "PaymentMethodStatus" NOT NULL,
    "registeredAt" TIMESTAMPTZ(3) NOT NULL,
    "requestKey" TEXT,
    "requestPrint" TEXT,

    CONSTRAINT "PaymentMethod_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "PaymentMethod_accountId_id_idx" ON "PaymentMethod"("accountId", "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "PaymentMethod_accountId_requestKey_key" ON "PaymentMethod"("accountId", "requestKey");
