-- CreateEnum
CREATE TYPE "TextbookStatus" AS ENUM ('APPLIED', 'PAYMENT_DEFERRED', 'PAID', 'DELIVERING', 'DELIVERED', 'CANCELLING', 'CANCELLED', 'REJECTED', 'EXPIRED');

-- CreateEnum
CREATE TYPE "PaymentStatus" AS ENUM ('APPROVED', 'DECLINED', 'CANCELLING', 'CANCELLED');

-- CreateEnum
CREATE TYPE "DeliveryStatus" AS ENUM ('DELIVERING', 'DELIVERED', 'CANCELLED');

-- CreateEnum
CREATE TYPE "PaymentMethodKind" AS ENUM ('CREDIT_CARD', 'DEBIT_CARD', 'BANK_ACCOUNT');

-- CreateTable
CREATE TABLE "TextbookApplicationRow" (
    "id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "accountId" TEXT NOT NULL,
    "status" "TextbookStatus",
    "bookTitle" TEXT,
    "quantity" INTEGER,
    "amount" INTEGER,
    "rejectionReason" TEXT,
    "cancellationRejectedReason" TEXT,
    "cancellationRejectedAt" TIMESTAMPTZ(3),
    "hidden" BOOLEAN NOT NULL,
    "appliedAt" TIMESTAMPTZ(3),
    "paidAt" TIMESTAMPTZ(3),
    "deliveredAt" TIMESTAMPTZ(3),
    "cancelledAt" TIMESTAMPTZ(3),
    "paymentId" TEXT,
    "paymentStatus" "PaymentStatus",
    "refunded" INTEGER NOT NULL,
    "deliveryId" TEXT,
    "deliveryStatus" "DeliveryStatus",
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "TextbookApplicationRow_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "PaymentMethodRow" (
    "id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "accountId" TEXT NOT NULL,
    "kind" "PaymentMethodKind",
    "maskedNumber" TEXT,
    "isDefault" BOOLEAN NOT NULL,
    "registeredAt" TIMESTAMPTZ(3),
    "removedAt" TIMESTAMPTZ(3),
    "describedAt" TIMESTAMPTZ(3),
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "PaymentMethodRow_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "TextbookApplicationRow_accountId_id_idx" ON "TextbookApplicationRow"("accountId", "id" DESC);

-- CreateIndex
CREATE INDEX "TextbookApplicationRow_status_id_idx" ON "TextbookApplicationRow"("status", "id" DESC);

-- CreateIndex
CREATE INDEX "PaymentMethodRow_accountId_id_idx" ON "PaymentMethodRow"("accountId", "id" DESC);
