import { sql, type Write, write } from '@madang/kernel/prisma';
import type { PrismaClient } from '../generated/prisma/client.ts';

/** The chat that an account has linked. */
export interface LinkedChat {
  readonly accountId: string;
  readonly chatId: string;
}

export const linkedChats = (prisma: PrismaClient) => ({
  async of(accountId: string): Promise<string | null> {
    return (await prisma.linkedChat.findUnique({ where: { accountId } }))?.chatId ?? null;
  },

  /** In the place of what was linked before: the events of an account come in order. */
  link: ({ accountId, chatId }: LinkedChat): Write =>
    write(
      sql`INSERT INTO "LinkedChat" ("accountId", "chatId") VALUES (${accountId}, ${chatId})
        ON CONFLICT ("accountId") DO UPDATE SET "chatId" = EXCLUDED."chatId"`,
    ),
});

export type LinkedChats = ReturnType<typeof linkedChats>;
