-- AlterEnum
ALTER TYPE "MessageStatus" ADD VALUE 'QUEUED';

-- CreateTable
CREATE TABLE "LinkedChat" (
    "accountId" TEXT NOT NULL,
    "chatId" TEXT NOT NULL,

    CONSTRAINT "LinkedChat_pkey" PRIMARY KEY ("accountId")
);

-- CreateTable
CREATE TABLE "TelegramPace" (
    "lane" TEXT NOT NULL,
    "freeAt" TIMESTAMPTZ(3) NOT NULL,
    "limitedUntil" TIMESTAMPTZ(3),

    CONSTRAINT "TelegramPace_pkey" PRIMARY KEY ("lane")
);
