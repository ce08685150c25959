-- AlterTable
ALTER TABLE "BillingKey" ADD COLUMN "retiredTokens" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- AlterTable
ALTER TABLE "SandboxAuthorisation" ADD COLUMN "revokedAt" TIMESTAMPTZ(3);
