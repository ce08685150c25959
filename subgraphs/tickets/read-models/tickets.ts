import { type Actor, hasRole, notFound, requireRole, requireUser, id as uuid } from '@madang/kernel/domain';
import { type Connection, connectionOf, type PageArguments, pageOf } from '@madang/kernel/graphql';
import DataLoader from 'dataloader';
import { WHAT } from '../decide.ts';
import type { PrismaClient, Ticket as Row, TicketStatus } from '../generated/prisma/client.ts';

/** A ticket as its table has it; how much of it is shown, the resolvers ask here. */
export type TicketRow = Omit<Row, 'version'>;

export type TicketLoader = DataLoader<string, TicketRow | null>;

/** What is shown: one that is not paid is no ticket yet. */
export type ShownStatus = Exclude<TicketStatus, 'ORDERED'>;

type ListArguments = PageArguments & { readonly status?: ShownStatus | null | undefined };
type OperationsArguments = ListArguments & { readonly paymentCancelled?: boolean | null | undefined };

const NOTHING: TicketRow[] = [];

/** A ticket is there for who bought it, for staff, and for other contexts. */
export const sees = (actor: Actor, accountId: string): boolean =>
  actor.kind === 'service' || hasRole(actor, 'MANAGER', 'ADMIN') || (actor.kind === 'user' && actor.accountId === accountId);

/** The telephone number in full for its owner; for everybody else, its middle is hidden. */
export const phoneOf = ({ accountId, phone }: Pick<TicketRow, 'accountId' | 'phone'>, actor: Actor): string =>
  actor.kind === 'user' && actor.accountId === accountId ? phone : `${phone.slice(0, 3)}${'*'.repeat(phone.length - 7)}${phone.slice(-4)}`;

/** Answers: which tickets were bought, and can something be rented with them? */
export function tickets(prisma: PrismaClient) {
  const find = async (id: string) => (uuid.safeParse(id).success ? prisma.ticket.findUnique({ where: { id } }) : null);
  const isThere = (row: Row | null, actor: Actor): row is Row => row !== null && row.status !== 'ORDERED' && sees(actor, row.accountId);

  async function page(accountId: string | undefined, list: OperationsArguments): Promise<Connection<TicketRow>> {
    const { take, cursorId } = pageOf(list);
    const rows: TicketRow[] = await prisma.ticket.findMany({
      where: {
        accountId,
        status: list.status ?? { not: 'ORDERED' },
        paymentCancelled: list.paymentCancelled ?? undefined,
        id: cursorId === undefined ? undefined : { lt: cursorId },
      },
      orderBy: { id: 'desc' },
      take,
    });
    return connectionOf(rows, list.first, ({ id }) => id, list);
  }

  return {
    /** @throws Refused UNAUTHENTICATED, NOT_FOUND */
    async byId(id: string, actor: Actor): Promise<TicketRow> {
      if (actor.kind === 'anonymous') requireUser(actor);
      const row = await find(id);
      if (!isThere(row, actor)) throw notFound(WHAT);
      return row;
    },

    /** Newest first; empty for anybody else than the account and staff. @throws Refused BAD_INPUT */
    async ofAccount(accountId: string, list: ListArguments, actor: Actor): Promise<Connection<TicketRow>> {
      if (sees(actor, accountId)) return page(accountId, list);
      pageOf(list);
      return connectionOf(NOTHING, list.first, ({ id }) => id);
    },

    /** Everybody's, newest first. @throws Refused UNAUTHENTICATED, FORBIDDEN, BAD_INPUT */
    async operations(list: OperationsArguments, actor: Actor): Promise<Connection<TicketRow>> {
      requireRole(actor, 'MANAGER', 'ADMIN');
      return page(undefined, list);
    },

    /** Those that the actor sees; null for the others. */
    loader: (actor: Actor): TicketLoader =>
      new DataLoader(async (ids) => {
        const rows = await Promise.all(ids.map(find));
        return rows.map((row) => (isThere(row, actor) ? row : null));
      }),
  };
}

export type TicketsModel = ReturnType<typeof tickets>;
