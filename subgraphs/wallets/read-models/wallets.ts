import type { Actor } from '@madang/kernel/domain';
import { type Connection, connectionOf, type PageArguments, pageOf } from '@madang/kernel/graphql';
import DataLoader from 'dataloader';
import { z } from 'zod';
import type { Entry, PrismaClient } from '../generated/prisma/client.ts';
import { emptyWallet, type Wallet } from '../wallet.ts';
import { sees } from './sight.ts';

/** What a wallet shows of itself. */
export type WalletRow = Pick<Wallet, 'id' | 'balance' | 'held'>;
export type EntryRow = Entry;
export type WalletLoader = DataLoader<string, WalletRow | null>;

/** What the cursors of a ledger hold: an entry's number. */
const entryNumber = z.string().regex(/^\d{1,9}$/);

/** Answers: how many points are there, and where do they come from? */
export const wallets = (prisma: PrismaClient) => ({
  /** What was booked, newest first. For a wallet that the actor sees. @throws Refused BAD_INPUT */
  async entries(walletId: string, list: PageArguments): Promise<Connection<EntryRow>> {
    const { take, cursorId } = pageOf(list, entryNumber);
    const rows: EntryRow[] = await prisma.entry.findMany({
      where: { walletId, number: cursorId === undefined ? undefined : { lt: Number(cursorId) } },
      orderBy: { number: 'desc' },
      take,
    });
    return connectionOf(rows, list.first, ({ number }) => String(number), list);
  },

  /** By the account's id: those that the actor sees, empty when nothing has happened yet; null for the others. */
  loader: (actor: Actor): WalletLoader =>
    new DataLoader(async (ids) => {
      const rows = await Promise.all(ids.map((id) => (sees(actor, id) ? prisma.wallet.findUnique({ where: { id } }) : null)));
      return ids.map((id, at) => (sees(actor, id) ? (rows[at] ?? emptyWallet(id)) : null));
    }),
});

export type WalletsModel = ReturnType<typeof wallets>;
