-- CreateEnum
CREATE TYPE "MessageStatus" AS ENUM ('SENT', 'READ', 'FAILED');

-- CreateTable
CREATE TABLE "Message" (
    "id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "accountId" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "template" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "aboutType" TEXT NOT NULL,
    "aboutId" TEXT NOT NULL,
    "status" "MessageStatus" NOT NULL,
    "sentAt" TIMESTAMPTZ(3) NOT NULL,
    "readAt" TIMESTAMPTZ(3),
    "failureReason" TEXT,

    CONSTRAINT "Message_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Message_accountId_id_idx" ON "Message"("accountId", "id" DESC);

-- CreateIndex
CREATE INDEX "Message_accountId_status_id_idx" ON "Message"("accountId", "status", "id" DESC);
