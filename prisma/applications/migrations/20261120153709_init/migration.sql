-- CreateEnum
CREATE TYPE "TextbookApplicationStatus" AS ENUM ('APPLIED', 'PAYMENT_DEFERRED', 'PAID', 'DELIVERING', 'DELIVERED', 'CANCELLING', 'CANCELLED', 'REJECTED', 'EXPIRED');

-- CreateTable
CREATE TABLE "Book" (
    "id" UUID NOT NULL,
    "isbn" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "author" TEXT NOT NULL,
    "publisher" TEXT NOT NULL,
    "price" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "Book_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "TextbookApplication" (
    "id" UUID NOT NULL,
    "accountId" TEXT NOT NULL,
    "bookId" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "amount" INTEGER NOT NULL,
    "address" JSONB NOT NULL,
    "status" "TextbookApplicationStatus" NOT NULL,
    "rejectedReason" TEXT,
    "kept" BOOLEAN NOT NULL,
    "cancellationRejectedReason" TEXT,
    "paymentId" TEXT,
    "deliveryId" TEXT,
    "appliedAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "TextbookApplication_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Book_isbn_key" ON "Book"("isbn");

-- CreateIndex
CREATE INDEX "TextbookApplication_accountId_id_idx" ON "TextbookApplication"("accountId", "id");

-- CreateIndex
CREATE INDEX "TextbookApplication_status_id_idx" ON "TextbookApplication"("status", "id");
