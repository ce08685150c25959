import type { Loaded, Store } from '@madang/kernel/context';
import { type Database, type Sql, saveRow, sql, type Write, write } from '@madang/kernel/prisma';
import type { GiftItem as ItemRow, Gift as Row } from '../generated/prisma/client.ts';
import type { Gift, Giving } from '../gift/gift.ts';
import type { GiftItem } from '../gift-item/gift-item.ts';
import type { GiftRow } from '../read-models/gifts.ts';

/** A gift as its row has it. */
export function rowOf(state: Gift): GiftRow {
  const { id, accountId, exchangeId, status, present } = state;
  return {
    id,
    accountId,
    exchangeId,
    giftItemId: present?.giftItemId ?? null,
    title: present?.title ?? null,
    points: present?.points ?? null,
    limited: present?.limited ?? false,
    status,
    issuedAt: present?.issuedAt ?? null,
    activatedAt: 'activatedAt' in state ? state.activatedAt : null,
    usedAt: 'usedAt' in state ? state.usedAt : null,
    voidedAt: 'voidedAt' in state ? state.voidedAt : null,
  };
}

function giftOf({ id, accountId, exchangeId, giftItemId, title, points, limited, issuedAt, ...row }: Row): Gift {
  const identity = { id, accountId, exchangeId };
  const { status, activatedAt, usedAt, voidedAt } = row;
  const present = giftItemId && title && points && issuedAt ? { giftItemId, title, points, limited, issuedAt } : null;
  if (status === 'VOIDED' && voidedAt) return { ...identity, status, present, voidedAt };
  if (status === 'ISSUED' && present) return { ...identity, status, present };
  if (status === 'ACTIVE' && present && activatedAt) return { ...identity, status, present, activatedAt };
  if (status === 'USED' && present && activatedAt && usedAt) return { ...identity, status, present, activatedAt, usedAt };
  throw new TypeError(`gift ${id} is ${status}, but its row lacks what belongs to that`);
}

/** Takes one out of the stock, whoever else does so at the same moment; with none left, it is a conflict: who looks again finds it sold out. */
const take = (giftItemId: string): Write =>
  write(sql`UPDATE "GiftItem" SET "remaining" = "remaining" - 1 WHERE "id" = ${giftItemId}::uuid AND "remaining" > 0`);
const putBack = (giftItemId: string): Write =>
  write(sql`UPDATE "GiftItem" SET "remaining" = "remaining" + 1 WHERE "id" = ${giftItemId}::uuid`);

/** An item without a limit is not written at all: everybody may have it at once. */
function stockOf({ status, present }: Gift): Write[] {
  if (!present?.limited) return [];
  if (status === 'ISSUED') return [take(present.giftItemId)];
  return status === 'VOIDED' ? [putBack(present.giftItemId)] : [];
}

/** Every status is come to once. */
function save({ gift }: Giving, version: number): readonly Write[] {
  if (gift === null) throw new TypeError('there is no gift to save');
  return [saveRow('Gift', rowOf(gift), version), ...stockOf(gift)];
}

type Found = Partial<Row> & { readonly item: (Omit<ItemRow, 'registeredAt' | 'version'> & { readonly registeredAt: string }) | null };

const itemOf = ({ item }: Found): GiftItem | null => item && { ...item, registeredAt: new Date(item.registeredAt) };

/** Gifts, each way that they are asked for. */
export function giftStore(db: Database) {
  async function one(where: Sql): Promise<Loaded<Giving> | null> {
    const [row] = await db.query<Row>(sql`SELECT * FROM "Gift" WHERE ${where}`);
    return row ? { state: { item: null, gift: giftOf(row) }, version: row.version } : null;
  }

  return {
    byId: { load: (id) => one(sql`"id" = ${id}::uuid`), save } satisfies Store<Giving>,
    byExchange: { load: (exchangeId) => one(sql`"exchangeId" = ${exchangeId}`), save } satisfies Store<Giving>,

    /** For one that is to be issued: by its exchange, with the wanted item, in one read. */
    toIssue: (giftItemId: string): Store<Giving> => ({
      async load(exchangeId) {
        const [row] = await db.query<Found & Record<string, unknown>>(sql`
          SELECT gift.*, to_json(item) AS item FROM (SELECT 1) AS always
          LEFT JOIN "Gift" gift ON gift."exchangeId" = ${exchangeId}
          LEFT JOIN "GiftItem" item ON item."id" = ${giftItemId}::uuid`);
        if (!row) return null;
        return { state: { item: itemOf(row), gift: row.id ? giftOf(row as Row) : null }, version: row.version ?? 0 };
      },
      save,
    }),
  };
}

export type GiftStore = ReturnType<typeof giftStore>;
