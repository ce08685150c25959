import { type Actor, hasRole, notFound, requireRole, requireUser, id as uuid } from '@madang/kernel/domain';
import { type Connection, connectionOf, type PageArguments, pageOf } from '@madang/kernel/graphql';
import DataLoader from 'dataloader';
import type { PrismaClient, PtOrder as Row } from '../generated/prisma/client.ts';
import { WHAT } from '../pt-order/decide.ts';
import type { PtOrderStatus } from '../pt-order/pt-order.ts';

/** An order as it is shown. */
export type PtOrderRow = Omit<Row, 'version'>;

export type PtOrderLoader = DataLoader<string, PtOrderRow | null>;

type ListArguments = PageArguments & { readonly status?: PtOrderStatus | null | undefined };

const NOTHING: PtOrderRow[] = [];

/** What an account ordered is there for itself, for staff, and for other contexts. */
export const sees = (actor: Actor, accountId: string): boolean =>
  actor.kind === 'service' || hasRole(actor, 'MANAGER', 'ADMIN') || (actor.kind === 'user' && actor.accountId === accountId);

/** An order is there for the trainer that is on it, too. */
const isThere = (actor: Actor, { accountId, trainerId }: PtOrderRow): boolean =>
  sees(actor, accountId) || (hasRole(actor, 'TRAINER') && actor.kind === 'user' && actor.accountId === trainerId);

/** Answers: what was ordered, and where does it stand? */
export function ptOrders(prisma: PrismaClient) {
  const find = async (id: string, actor: Actor): Promise<PtOrderRow | null> => {
    const row = uuid.safeParse(id).success ? await prisma.ptOrder.findUnique({ where: { id } }) : null;
    return row && isThere(actor, row) ? row : null;
  };

  async function page(of: { accountId?: string }, { first, after, status }: ListArguments): Promise<Connection<PtOrderRow>> {
    const { take, cursorId } = pageOf({ first, after });
    const rows: PtOrderRow[] = await prisma.ptOrder.findMany({
      where: { ...of, ...(status ? { status } : {}), ...(cursorId ? { id: { lt: cursorId } } : {}) },
      orderBy: { id: 'desc' },
      take,
    });
    return connectionOf(rows, first, ({ id }) => id, { after });
  }

  return {
    /** @throws Refused UNAUTHENTICATED, NOT_FOUND */
    async byId(id: string, actor: Actor): Promise<PtOrderRow> {
      if (actor.kind === 'anonymous') requireUser(actor);
      const row = await find(id, actor);
      if (row === null) throw notFound(WHAT);
      return row;
    },

    /** Newest first; empty for anybody else than the account and staff. @throws Refused BAD_INPUT */
    async ofAccount(accountId: string, list: ListArguments, actor: Actor): Promise<Connection<PtOrderRow>> {
      if (sees(actor, accountId)) return page({ accountId }, list);
      pageOf(list);
      return connectionOf(NOTHING, list.first, ({ id }) => id);
    },

    /** Everybody's, newest first. @throws Refused UNAUTHENTICATED, FORBIDDEN, BAD_INPUT */
    async operations(list: ListArguments, actor: Actor): Promise<Connection<PtOrderRow>> {
      requireRole(actor, 'MANAGER', 'ADMIN');
      return page({}, list);
    },

    /** Those that the actor sees; null for the others. */
    loader: (actor: Actor): PtOrderLoader => new DataLoader((ids) => Promise.all(ids.map((id) => find(id, actor)))),
  };
}

export type PtOrdersModel = ReturnType<typeof ptOrders>;
