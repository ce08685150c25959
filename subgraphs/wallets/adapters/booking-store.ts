import type { Loaded, Store } from '@madang/kernel/context';
import { type Database, saveRow, sql, type Write, write } from '@madang/kernel/prisma';
import type { GiftExchange as Row, Wallet as WalletRow } from '../generated/prisma/client.ts';
import type { GiftExchange } from '../gift-exchange.ts';
import { type Booking, type Entry, emptyWallet, type GiftItem, type Wallet } from '../wallet.ts';

/** An exchange as its row has it. */
export function rowOf(state: GiftExchange): Row {
  const { id, accountId, giftItemId, title, points, requestedAt, status } = state;
  return {
    id,
    accountId,
    giftItemId,
    title,
    points,
    status,
    reason: 'reason' in state ? state.reason : null,
    giftId: 'giftId' in state ? state.giftId : null,
    requestedAt,
    decidedAt: 'decidedAt' in state ? state.decidedAt : null,
  };
}

function exchangeOf({ id, accountId, giftItemId, title, points, requestedAt, status, reason, giftId, decidedAt }: Row): GiftExchange {
  const asked = { id, accountId, giftItemId, title, points, requestedAt };
  if (status === 'HELD') return { ...asked, status };
  if (status === 'RELEASING' && reason) return { ...asked, status, reason };
  if (status === 'CAPTURED' && giftId && decidedAt) return { ...asked, status, giftId, decidedAt };
  if (status === 'RELEASED' && reason && decidedAt) return { ...asked, status, reason, decidedAt };
  throw new TypeError(`exchange ${id} is ${status}, but its row lacks what belongs to that`);
}

function saveExchange(state: GiftExchange): Write {
  const { id, accountId, giftItemId, title, points, status, reason, giftId, requestedAt, decidedAt } = rowOf(state);
  if (status === 'HELD')
    return write(sql`INSERT INTO "GiftExchange" ("id", "accountId", "giftItemId", "title", "points", "status", "requestedAt")
      VALUES (${id}::uuid, ${accountId}, ${giftItemId}::uuid, ${title}, ${points}, 'HELD', ${requestedAt})`);
  return write(sql`UPDATE "GiftExchange" SET "status" = ${status}::"GiftExchangeStatus", "reason" = ${reason}, "giftId" = ${giftId}::uuid,
    "decidedAt" = ${decidedAt} WHERE "id" = ${id}::uuid`);
}

const saveEntry = (walletId: string, { number, kind, points, change, balance, held, title, reference, at }: Entry): Write =>
  write(sql`INSERT INTO "Entry" ("walletId", "number", "kind", "points", "change", "balance", "held", "title", "reference", "at")
    VALUES (${walletId}, ${number}, ${kind}::"EntryKind", ${points}, ${change}, ${balance}, ${held}, ${title}, ${reference}, ${at})`);

/** The wallet's version guards all of it. */
const save = ({ wallet, exchange, entry }: Booking, version: number): readonly Write[] => [
  saveRow('Wallet', wallet, version),
  ...(entry ? [saveEntry(wallet.id, entry)] : []),
  ...(exchange ? [saveExchange(exchange)] : []),
];

/** What a new exchange is to be of. */
export interface Wish {
  readonly exchangeId: string;
  readonly accountId: string;
  readonly giftItemId: string;
}

type Found = Omit<WalletRow, 'id'> & { readonly walletId: string };

const walletOf = ({ walletId: id, balance, held, entries }: Found): Wallet => ({ id, balance, held, entries });

/** Wallets, each way that something is booked on them; one read each. */
export function bookingStore(db: Database) {
  async function find(exchangeId: string): Promise<Loaded<Booking> | null> {
    const [row] = await db.query<Row & Found>(sql`
      SELECT exchange.*, wallet."id" AS "walletId", wallet."balance", wallet."held", wallet."entries", wallet."version"
      FROM "GiftExchange" exchange JOIN "Wallet" wallet ON wallet."id" = exchange."accountId" WHERE exchange."id" = ${exchangeId}::uuid`);
    if (!row) return null;
    const state = { wallet: walletOf(row), exchange: exchangeOf(row), item: null, credited: false, entry: null };
    return { state, version: row.version };
  }

  async function forWish({ accountId, giftItemId }: Wish): Promise<Loaded<Booking>> {
    const [row] = await db.query<Partial<Found> & { item: GiftItem | null }>(sql`
      SELECT wallet."id" AS "walletId", wallet."balance", wallet."held", wallet."entries", wallet."version", to_json(item) AS item
      FROM (SELECT 1) AS always LEFT JOIN "Wallet" wallet ON wallet."id" = ${accountId} LEFT JOIN "GiftItem" item ON item."id" = ${giftItemId}::uuid`);
    const wallet = row?.walletId ? walletOf(row as Found) : emptyWallet(accountId);
    return { state: { wallet, exchange: null, item: row?.item ?? null, credited: false, entry: null }, version: row?.version ?? 0 };
  }

  return {
    /** By the exchange that it is about. */
    byExchange: { load: find, save } satisfies Store<Booking>,

    /** For a new exchange: with the account's wallet, and what is wanted. */
    forWish: (wish: Wish): Store<Booking> => ({
      load: (exchangeId) => (exchangeId === wish.exchangeId ? forWish(wish) : find(exchangeId)),
      save,
    }),

    /** For a reward of an account: with whether it is in the ledger. */
    forReward: (accountId: string): Store<Booking> => ({
      async load(rewardId) {
        const [row] = await db.query<Partial<Found> & { credited: boolean }>(sql`
          SELECT wallet."id" AS "walletId", wallet."balance", wallet."held", wallet."entries", wallet."version",
            EXISTS (SELECT FROM "Entry" WHERE "reference" = ${rewardId} AND "kind" = 'CREDIT') AS credited
          FROM (SELECT 1) AS always LEFT JOIN "Wallet" wallet ON wallet."id" = ${accountId}`);
        const wallet = row?.walletId ? walletOf(row as Found) : emptyWallet(accountId);
        return { state: { wallet, exchange: null, item: null, credited: row?.credited ?? false, entry: null }, version: row?.version ?? 0 };
      },
      save,
    }),
  };
}

export type BookingStore = ReturnType<typeof bookingStore>;

/** Lets an idempotency key be used again: the exchange that it made did not come about. */
export const forgetKey = (scope: string, key: string): Write =>
  write(sql`DELETE FROM kernel.idempotency WHERE scope = ${scope} AND key = ${key}`, 'any');
