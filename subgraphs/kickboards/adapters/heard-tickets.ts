import { sql, type Write, write } from '@madang/kernel/prisma';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { HeardTicket } from '../rental/decide.ts';

/** What was heard of a ticket so far. */
export const heardTickets = (prisma: PrismaClient) => ({
  async find(id: string): Promise<HeardTicket | null> {
    const row = await prisma.heardTicket.findUnique({ where: { id } });
    if (!row) return null;
    const { id: ticketId, validUntil, ...rest } = row;
    return { ...rest, ticketId, validUntil: validUntil?.toISOString() ?? null };
  },

  /** Of two that tell how it is, the later revision stays; in whatever order they come. */
  hear({ ticketId, accountId, revision, status, rentalId = null, validUntil = null, usingMinutes = null }: HeardTicket): Write {
    return write(
      sql`INSERT INTO "HeardTicket" AS t ("id", "accountId", "revision", "status", "rentalId", "validUntil", "usingMinutes")
        VALUES (${ticketId}, ${accountId}, ${revision}, ${status}::"HeardTicketStatus", ${rentalId}, ${validUntil}::timestamptz, ${usingMinutes}::int)
        ON CONFLICT ("id") DO UPDATE SET
          "status" = CASE WHEN EXCLUDED."revision" > t."revision" THEN EXCLUDED."status" ELSE t."status" END,
          "rentalId" = CASE WHEN EXCLUDED."revision" > t."revision" THEN EXCLUDED."rentalId" ELSE t."rentalId" END,
          "revision" = GREATEST(EXCLUDED."revision", t."revision"),
          "validUntil" = COALESCE(t."validUntil", EXCLUDED."validUntil"),
          "usingMinutes" = COALESCE(t."usingMinutes", EXCLUDED."usingMinutes")`,
      'any',
    );
  },
});

export type HeardTickets = ReturnType<typeof heardTickets>;
