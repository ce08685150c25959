import type { InputOf } from '@madang/kernel/domain';
import { sql, type Write, write } from '@madang/kernel/prisma';
import type { noteGiftItem } from '../commands.ts';

/** Keeps what gifts tell of an item; what is older than what is known changes nothing. */
export const keepGiftItem = ({ giftItemId, title, points, registeredAt }: InputOf<typeof noteGiftItem>): Write =>
  write(
    sql`INSERT INTO "GiftItem" ("id", "title", "points", "registeredAt") VALUES (${giftItemId}::uuid, ${title}, ${points}, ${registeredAt})
      ON CONFLICT ("id") DO UPDATE SET "title" = EXCLUDED."title", "points" = EXCLUDED."points", "registeredAt" = EXCLUDED."registeredAt"
      WHERE "GiftItem"."registeredAt" <= EXCLUDED."registeredAt"`,
    'any',
  );
