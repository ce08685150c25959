import { type Actor, hasRole, notFound, requireRole, requireUser, id as uuid } from '@madang/kernel/domain';
import { type Connection, connectionOf, type PageArguments, pageOf } from '@madang/kernel/graphql';
import DataLoader from 'dataloader';
import type { CleaningReservationStatus } from '../cleaning-reservation/cleaning-reservation.ts';
import { WHAT } from '../cleaning-reservation/decide.ts';
import type { PrismaClient, CleaningReservation as Row } from '../generated/prisma/client.ts';

/** A reservation as it is shown: one that is paid. */
export type CleaningReservationRow = Omit<Row, 'version' | 'status' | 'paymentId'> & {
  readonly status: CleaningReservationStatus;
  readonly paymentId: string;
};

export type CleaningReservationLoader = DataLoader<string, CleaningReservationRow | null>;

type ListArguments = PageArguments & { readonly status?: CleaningReservationStatus | null | undefined };

const NOTHING: CleaningReservationRow[] = [];
const UNSEEN = ['PENDING', 'DROPPED'] as const;
const isShown = (row: Row): row is Row & CleaningReservationRow => !UNSEEN.some((status) => status === row.status);

/** A reservation is there for who reserved, for staff, and for other contexts. */
export const sees = (actor: Actor, accountId: string): boolean =>
  actor.kind === 'service' || hasRole(actor, 'MANAGER', 'ADMIN') || (actor.kind === 'user' && actor.accountId === accountId);

/** Answers: what was reserved, and where does it stand? What is not paid is not there. */
export function cleaningReservations(prisma: PrismaClient) {
  const find = async (id: string) => (uuid.safeParse(id).success ? prisma.cleaningReservation.findUnique({ where: { id } }) : null);
  const there = (row: Row | null, actor: Actor): CleaningReservationRow | null =>
    row !== null && isShown(row) && sees(actor, row.accountId) ? row : null;

  async function page(of: { accountId?: string }, { first, after, status }: ListArguments): Promise<Connection<CleaningReservationRow>> {
    const { take, cursorId } = pageOf({ first, after });
    const rows = await prisma.cleaningReservation.findMany({
      where: { ...of, status: status ?? { notIn: [...UNSEEN] }, ...(cursorId ? { id: { lt: cursorId } } : {}) },
      orderBy: { id: 'desc' },
      take,
    });
    return connectionOf(rows.filter(isShown), first, ({ id }) => id, { after });
  }

  return {
    /** @throws Refused UNAUTHENTICATED, NOT_FOUND */
    async byId(id: string, actor: Actor): Promise<CleaningReservationRow> {
      if (actor.kind === 'anonymous') requireUser(actor);
      const row = there(await find(id), actor);
      if (row === null) throw notFound(WHAT);
      return row;
    },

    /** Newest first; empty for anybody else than the account and staff. @throws Refused BAD_INPUT */
    async ofAccount(accountId: string, list: ListArguments, actor: Actor): Promise<Connection<CleaningReservationRow>> {
      if (sees(actor, accountId)) return page({ accountId }, list);
      pageOf(list);
      return connectionOf(NOTHING, list.first, ({ id }) => id);
    },

    /** Everybody's, newest first. @throws Refused UNAUTHENTICATED, FORBIDDEN, BAD_INPUT */
    async operations(list: ListArguments, actor: Actor): Promise<Connection<CleaningReservationRow>> {
      requireRole(actor, 'MANAGER', 'ADMIN');
      return page({}, list);
    },

    /** Those that the actor sees; null for the others. */
    loader: (actor: Actor): CleaningReservationLoader =>
      new DataLoader(async (ids) => {
        const rows = await Promise.all(ids.map(find));
        return rows.map((row) => there(row, actor));
      }),
  };
}

export type CleaningReservationsModel = ReturnType<typeof cleaningReservations>;
