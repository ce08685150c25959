import { sql, type Write, write } from '@madang/kernel/prisma';
import type { PrismaClient } from '../generated/prisma/client.ts';

/** Accounts of which was heard that they hold the role TRAINER. */
export const heardTrainers = (prisma: PrismaClient) => ({
  has: async (id: string): Promise<boolean> => (await prisma.heardTrainer.findUnique({ where: { id } })) !== null,
  hear: (id: string): Write => write(sql`INSERT INTO "HeardTrainer" ("id") VALUES (${id}) ON CONFLICT DO NOTHING`, 'any'),
});

export type HeardTrainers = ReturnType<typeof heardTrainers>;
