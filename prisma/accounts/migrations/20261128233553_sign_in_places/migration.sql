-- AlterTable
ALTER TABLE "SignInFailures" ADD COLUMN     "waitUntil" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "SignInPlace" (
    "key" BYTEA NOT NULL,
    "seenAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "SignInPlace_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE INDEX "SignInPlace_seenAt_idx" ON "SignInPlace"("seenAt");
