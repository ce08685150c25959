-- CreateEnum
CREATE TYPE "DeliveryStatus" AS ENUM ('DELIVERING', 'CANCELLED', 'DELIVERED');

-- CreateTable
CREATE TABLE "Delivery" (
    "id" UUID NOT NULL,
    "accountId" TEXT NOT NULL,
    "applicationId" TEXT NOT NULL,
    "status" "DeliveryStatus" NOT NULL,
    "title" TEXT,
    "quantity" INTEGER,
    "address" JSONB,
    "startedAt" TIMESTAMPTZ(3),
    "cancelledAt" TIMESTAMPTZ(3),
    "deliveredAt" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL,

    CONSTRAINT "Delivery_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Delivery_applicationId_key" ON "Delivery"("applicationId");

-- CreateIndex
CREATE INDEX "Delivery_accountId_id_idx" ON "Delivery"("accountId", "id");

-- CreateIndex
CREATE INDEX "Delivery_status_id_idx" ON "Delivery"("status", "id");
