import { type Actor, notFound, requireUser, id as uuid } from '@madang/kernel/domain';
import { type Connection, connectionOf, type PageArguments, pageOf } from '@madang/kernel/graphql';
import DataLoader from 'dataloader';
import { WHAT } from '../decide.ts';
import type { GiftExchangeStatus, PrismaClient, GiftExchange as Row } from '../generated/prisma/client.ts';
import { sees } from './sight.ts';

/** An exchange as its table has it. */
export type GiftExchangeRow = Row;
export type GiftExchangeLoader = DataLoader<string, GiftExchangeRow | null>;

type ListArguments = PageArguments & { readonly status?: GiftExchangeStatus | null | undefined };

/** Answers: what were points exchanged for, and what became of it? */
export function giftExchanges(prisma: PrismaClient) {
  const find = async (id: string) => (uuid.safeParse(id).success ? prisma.giftExchange.findUnique({ where: { id } }) : null);
  const isThere = (row: Row | null, actor: Actor): row is Row => row !== null && sees(actor, row.accountId);

  return {
    /** @throws Refused UNAUTHENTICATED, NOT_FOUND */
    async byId(id: string, actor: Actor): Promise<GiftExchangeRow> {
      if (actor.kind === 'anonymous') requireUser(actor);
      const row = await find(id);
      if (!isThere(row, actor)) throw notFound(WHAT);
      return row;
    },

    /** Newest first. For a wallet that the actor sees. @throws Refused BAD_INPUT */
    async ofWallet(accountId: string, list: ListArguments): Promise<Connection<GiftExchangeRow>> {
      const { take, cursorId } = pageOf(list);
      const rows: GiftExchangeRow[] = await prisma.giftExchange.findMany({
        where: { accountId, status: list.status ?? undefined, id: cursorId === undefined ? undefined : { lt: cursorId } },
        orderBy: { id: 'desc' },
        take,
      });
      return connectionOf(rows, list.first, ({ id }) => id, list);
    },

    /** Those that the actor sees; null for the others. */
    loader: (actor: Actor): GiftExchangeLoader =>
      new DataLoader(async (ids) => {
        const rows = await Promise.all(ids.map(find));
        return rows.map((row) => (isThere(row, actor) ? row : null));
      }),
  };
}

export type GiftExchangesModel = ReturnType<typeof giftExchanges>;
