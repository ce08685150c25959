import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Credentials } from '../ports.ts';

/** Credentials in the database. */
export const storedCredentials = (prisma: PrismaClient): Credentials => ({
  of: (email) => prisma.credential.findUnique({ where: { email }, select: { accountId: true, passwordHash: true } }),
  async rehash(credential, passwordHash) {
    await prisma.credential.updateMany({ where: credential, data: { passwordHash } });
  },
});
