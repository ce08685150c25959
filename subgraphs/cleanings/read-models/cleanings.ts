import { type Actor, hasRole, notFound, requireRole, requireUser, id as uuid } from '@madang/kernel/domain';
import { type Connection, connectionOf, type PageArguments, pageOf } from '@madang/kernel/graphql';
import DataLoader from 'dataloader';
import { WHAT } from '../decide.ts';
import type { CleaningStatus, PrismaClient, Cleaning as Row } from '../generated/prisma/client.ts';

/** A cleaning as it is shown. */
export type CleaningRow = Omit<Row, 'version'>;

export type CleaningLoader = DataLoader<string, CleaningRow | null>;

type ListArguments = PageArguments & { readonly status?: CleaningStatus | null | undefined };

/** A cleaning is there for whoever it is for, for staff, and for other contexts. */
const sees = (actor: Actor, accountId: string): boolean =>
  actor.kind === 'service' || hasRole(actor, 'MANAGER', 'ADMIN') || (actor.kind === 'user' && actor.accountId === accountId);

/** Answers: what is to be cleaned, and how far is it? */
export function cleanings(prisma: PrismaClient) {
  /** Those that the actor sees, by a key of theirs; null for the others. */
  const loading = (actor: Actor, by: 'id' | 'reservationId'): CleaningLoader =>
    new DataLoader(async (keys) => {
      const valid = keys.filter((key) => by !== 'id' || uuid.safeParse(key).success);
      const rows = await prisma.cleaning.findMany({ where: { [by]: { in: valid } } });
      const found = new Map(rows.flatMap((row) => (sees(actor, row.accountId) ? [[row[by], row] as const] : [])));
      return keys.map((key) => found.get(key) ?? null);
    });

  return {
    /** @throws Refused UNAUTHENTICATED, NOT_FOUND */
    async byId(id: string, actor: Actor): Promise<CleaningRow> {
      if (actor.kind === 'anonymous') requireUser(actor);
      const row = uuid.safeParse(id).success ? await prisma.cleaning.findUnique({ where: { id } }) : null;
      if (!row || !sees(actor, row.accountId)) throw notFound(WHAT);
      return row;
    },

    /** Everybody's, newest first. @throws Refused UNAUTHENTICATED, FORBIDDEN, BAD_INPUT */
    async operations({ first, after, status }: ListArguments, actor: Actor): Promise<Connection<CleaningRow>> {
      requireRole(actor, 'MANAGER', 'ADMIN');
      const { take, cursorId } = pageOf({ first, after });
      const rows: CleaningRow[] = await prisma.cleaning.findMany({
        where: { ...(status ? { status } : {}), ...(cursorId ? { id: { lt: cursorId } } : {}) },
        orderBy: { id: 'desc' },
        take,
      });
      return connectionOf(rows, first, ({ id }) => id, { after });
    },

    loader: (actor: Actor): CleaningLoader => loading(actor, 'id'),
    byReservation: (actor: Actor): CleaningLoader => loading(actor, 'reservationId'),
  };
}

export type CleaningsModel = ReturnType<typeof cleanings>;
