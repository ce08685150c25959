import { type Actor, hasRole, notFound, requireRole, requireUser, id as uuid } from '@madang/kernel/domain';
import { type Connection, connectionOf, type PageArguments, pageOf } from '@madang/kernel/graphql';
import DataLoader from 'dataloader';
import type { PrismaClient, RentalStatus, Rental as Row, TicketRedemption } from '../generated/prisma/client.ts';
import { isOverdue, WHAT } from '../rental/decide.ts';

/** A rental as its table has it. */
export type RentalRow = Row;

/** What is shown: one that is being decided is no rental yet. */
export type ShownStatus = Exclude<RentalStatus, 'CLAIMED'>;

export type RentalLoader = DataLoader<string, RentalRow | null>;

type ListArguments = PageArguments & { readonly status?: ShownStatus | null | undefined };
type OperationsArguments = ListArguments & { readonly redemption?: TicketRedemption | null | undefined };

const NOTHING: RentalRow[] = [];

/** A rental is there for who rents, for staff, and for other contexts. */
export const sees = (actor: Actor, accountId: string): boolean =>
  actor.kind === 'service' || hasRole(actor, 'MANAGER', 'ADMIN') || (actor.kind === 'user' && actor.accountId === accountId);

/** Answers: what is rented, by whom, and until when? */
export function rentals(prisma: PrismaClient, now: () => Date) {
  const find = async (id: string) => (uuid.safeParse(id).success ? prisma.rental.findUnique({ where: { id } }) : null);
  const isThere = (row: Row | null, actor: Actor): row is Row => row !== null && row.status !== 'CLAIMED' && sees(actor, row.accountId);

  async function page(accountId: string | undefined, list: OperationsArguments): Promise<Connection<RentalRow>> {
    const { take, cursorId } = pageOf(list);
    const rows = await prisma.rental.findMany({
      where: {
        accountId,
        status: list.status ?? { not: 'CLAIMED' },
        redemption: list.redemption ?? undefined,
        id: cursorId === undefined ? undefined : { lt: cursorId },
      },
      orderBy: { id: 'desc' },
      take,
    });
    return connectionOf(rows, list.first, ({ id }) => id, list);
  }

  return {
    /** Whether it was returned too late, or is too late by now. */
    isOverdue: ({ dueAt, returnedAt }: RentalRow): boolean => dueAt !== null && isOverdue({ dueAt }, returnedAt ?? now()),

    /** @throws Refused UNAUTHENTICATED, NOT_FOUND */
    async byId(id: string, actor: Actor): Promise<RentalRow> {
      if (actor.kind === 'anonymous') requireUser(actor);
      const row = await find(id);
      if (!isThere(row, actor)) throw notFound(WHAT);
      return row;
    },

    /** Newest first; empty for anybody else than the account and staff. @throws Refused BAD_INPUT */
    async ofAccount(accountId: string, list: ListArguments, actor: Actor): Promise<Connection<RentalRow>> {
      if (sees(actor, accountId)) return page(accountId, list);
      pageOf(list);
      return connectionOf(NOTHING, list.first, ({ id }) => id);
    },

    /** Everybody's, newest first. @throws Refused UNAUTHENTICATED, FORBIDDEN, BAD_INPUT */
    async operations(list: OperationsArguments, actor: Actor): Promise<Connection<RentalRow>> {
      requireRole(actor, 'MANAGER', 'ADMIN');
      return page(undefined, list);
    },

    /** Those that the actor sees; null for the others. */
    loader: (actor: Actor): RentalLoader =>
      new DataLoader(async (ids) => {
        const rows = await Promise.all(ids.map(find));
        return rows.map((row) => (isThere(row, actor) ? row : null));
      }),
  };
}

export type RentalsModel = ReturnType<typeof rentals>;
