import { type Actor, hasRole, notFound, requireRole, requireUser, id as uuid } from '@madang/kernel/domain';
import { type Connection, connectionOf, type PageArguments, pageOf } from '@madang/kernel/graphql';
import DataLoader from 'dataloader';
import { WHAT } from '../decide.ts';
import type { PrismaClient, TrainerAssignment as Row, TrainerAssignmentStatus } from '../generated/prisma/client.ts';

/** An assignment as it is shown. */
export type TrainerAssignmentRow = Omit<Row, 'version'>;

export type TrainerAssignmentLoader = DataLoader<string, TrainerAssignmentRow | null>;

type ListArguments = PageArguments & { readonly status?: TrainerAssignmentStatus | null | undefined };

/** An assignment is there for whoever ordered, for staff, and for other contexts. */
const sees = (actor: Actor, accountId: string): boolean =>
  actor.kind === 'service' || hasRole(actor, 'MANAGER', 'ADMIN') || (actor.kind === 'user' && actor.accountId === accountId);

/** Answers: what waits for a trainer, and what became of it? */
export function trainerAssignments(prisma: PrismaClient) {
  /** Those that the actor sees, by a key of theirs; null for the others. */
  const loading = (actor: Actor, by: 'id' | 'orderId'): TrainerAssignmentLoader =>
    new DataLoader(async (keys) => {
      const valid = keys.filter((key) => by !== 'id' || uuid.safeParse(key).success);
      const rows = await prisma.trainerAssignment.findMany({ where: { [by]: { in: valid } } });
      const found = new Map(rows.flatMap((row) => (sees(actor, row.accountId) ? [[row[by], row] as const] : [])));
      return keys.map((key) => found.get(key) ?? null);
    });

  return {
    /** @throws Refused UNAUTHENTICATED, NOT_FOUND */
    async byId(id: string, actor: Actor): Promise<TrainerAssignmentRow> {
      if (actor.kind === 'anonymous') requireUser(actor);
      const row = uuid.safeParse(id).success ? await prisma.trainerAssignment.findUnique({ where: { id } }) : null;
      if (!row || !sees(actor, row.accountId)) throw notFound(WHAT);
      return row;
    },

    /** Everybody's, newest first. @throws Refused UNAUTHENTICATED, FORBIDDEN, BAD_INPUT */
    async operations({ first, after, status }: ListArguments, actor: Actor): Promise<Connection<TrainerAssignmentRow>> {
      requireRole(actor, 'MANAGER', 'ADMIN');
      const { take, cursorId } = pageOf({ first, after });
      const rows: TrainerAssignmentRow[] = await prisma.trainerAssignment.findMany({
        where: { ...(status ? { status } : {}), ...(cursorId ? { id: { lt: cursorId } } : {}) },
        orderBy: { id: 'desc' },
        take,
      });
      return connectionOf(rows, first, ({ id }) => id, { after });
    },

    loader: (actor: Actor): TrainerAssignmentLoader => loading(actor, 'id'),
    byOrder: (actor: Actor): TrainerAssignmentLoader => loading(actor, 'orderId'),
  };
}

export type TrainerAssignmentsModel = ReturnType<typeof trainerAssignments>;
