import { type Actor, hasRole, notFound, requireRole, requireUser, id as uuid } from '@madang/kernel/domain';
import { type Connection, connectionOf, type PageArguments, pageOf } from '@madang/kernel/graphql';
import DataLoader from 'dataloader';
import type { GiftStatus, PrismaClient, Gift as Row } from '../generated/prisma/client.ts';
import { WHAT } from '../gift/decide.ts';

/** A gift as its table has it. */
export type GiftRow = Omit<Row, 'version'>;

export interface GiftLoaders {
  readonly gifts: DataLoader<string, GiftRow | null>;
  /** By the exchange that they were issued for. */
  readonly giftsByExchange: DataLoader<string, GiftRow | null>;
}

type ListArguments = PageArguments & { readonly status?: GiftStatus | null | undefined };

/** What its owner has of it: before, its points are not spent; voided, they were given back. */
const OWNED: GiftStatus[] = ['ACTIVE', 'USED'];
const NOTHING: GiftRow[] = [];

const isStaff = (actor: Actor): boolean => actor.kind === 'service' || hasRole(actor, 'MANAGER', 'ADMIN');
const sees = (actor: Actor, accountId: string): boolean => isStaff(actor) || (actor.kind === 'user' && actor.accountId === accountId);

/** Answers: which gifts are there, and can they be used? */
export function gifts(prisma: PrismaClient) {
  const find = async (id: string) => (uuid.safeParse(id).success ? prisma.gift.findUnique({ where: { id } }) : null);
  const findByExchange = (exchangeId: string) => prisma.gift.findUnique({ where: { exchangeId } });
  const isThere = (row: Row | null, actor: Actor): row is Row =>
    row !== null && sees(actor, row.accountId) && (isStaff(actor) || OWNED.includes(row.status));

  async function page(
    accountId: string | undefined,
    statuses: GiftStatus[] | undefined,
    list: ListArguments,
  ): Promise<Connection<GiftRow>> {
    const { take, cursorId } = pageOf(list);
    const rows: GiftRow[] = await prisma.gift.findMany({
      where: {
        accountId,
        status: statuses && { in: statuses },
        id: cursorId === undefined ? undefined : { lt: cursorId },
      },
      orderBy: { id: 'desc' },
      take,
    });
    return connectionOf(rows, list.first, ({ id }) => id, list);
  }

  const loader = (actor: Actor, by: (key: string) => Promise<Row | null>) =>
    new DataLoader<string, GiftRow | null>(async (keys) => {
      const rows = await Promise.all(keys.map(by));
      return rows.map((row) => (isThere(row, actor) ? row : null));
    });

  return {
    /** @throws Refused UNAUTHENTICATED, NOT_FOUND */
    async byId(id: string, actor: Actor): Promise<GiftRow> {
      if (actor.kind === 'anonymous') requireUser(actor);
      const row = await find(id);
      if (!isThere(row, actor)) throw notFound(WHAT);
      return row;
    },

    /** Newest first, those that its owner has; empty for anybody else than the account and staff. @throws Refused BAD_INPUT */
    async ofAccount(accountId: string, list: ListArguments, actor: Actor): Promise<Connection<GiftRow>> {
      const statuses = OWNED.filter((status) => !list.status || status === list.status);
      if (sees(actor, accountId)) return page(accountId, statuses, list);
      pageOf(list);
      return connectionOf(NOTHING, list.first, ({ id }) => id);
    },

    /** Everybody's, in every status, newest first. @throws Refused UNAUTHENTICATED, FORBIDDEN, BAD_INPUT */
    async operations(list: ListArguments, actor: Actor): Promise<Connection<GiftRow>> {
      requireRole(actor, 'MANAGER', 'ADMIN');
      return page(undefined, list.status ? [list.status] : undefined, list);
    },

    /** Those that the actor sees; null for the others. */
    loaders: (actor: Actor): GiftLoaders => ({ gifts: loader(actor, find), giftsByExchange: loader(actor, findByExchange) }),
  };
}

export type GiftsModel = ReturnType<typeof gifts>;
