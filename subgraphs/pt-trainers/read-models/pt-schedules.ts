import { type Actor, hasRole, notFound, requireRole, requireUser, id as uuid } from '@madang/kernel/domain';
import { type Connection, connectionOf, type PageArguments, pageOf } from '@madang/kernel/graphql';
import DataLoader from 'dataloader';
import { WHAT } from '../decide.ts';
import type { PrismaClient, PtScheduleStatus, PtSchedule as Row } from '../generated/prisma/client.ts';

/** A schedule as it is shown. */
export type PtScheduleRow = Omit<Row, 'version'>;

export type PtScheduleLoader = DataLoader<string, PtScheduleRow | null>;

type ListArguments = PageArguments & { readonly status?: PtScheduleStatus | null | undefined };

const NOTHING: PtScheduleRow[] = [];
const isStaff = (actor: Actor): boolean => actor.kind === 'service' || hasRole(actor, 'MANAGER', 'ADMIN');

/** A schedule is there for its customer, for its trainer, for staff, and for other contexts. */
export const sees = (actor: Actor, { accountId, trainerId }: Pick<PtScheduleRow, 'accountId' | 'trainerId'>): boolean =>
  isStaff(actor) || (actor.kind === 'user' && (actor.accountId === accountId || actor.accountId === trainerId));

/** Answers: when is the lesson, and what came of it? */
export function ptSchedules(prisma: PrismaClient) {
  async function page(of: { trainerId?: string }, { first, after, status }: ListArguments): Promise<Connection<PtScheduleRow>> {
    const { take, cursorId } = pageOf({ first, after });
    const rows: PtScheduleRow[] = await prisma.ptSchedule.findMany({
      where: { ...of, ...(status ? { status } : {}), ...(cursorId ? { id: { lt: cursorId } } : {}) },
      orderBy: { id: 'desc' },
      take,
    });
    return connectionOf(rows, first, ({ id }) => id, { after });
  }

  /** Those that the actor sees, by a key of theirs; null for the others. */
  const loading = (actor: Actor, by: 'id' | 'orderId'): PtScheduleLoader =>
    new DataLoader(async (keys) => {
      const valid = keys.filter((key) => by !== 'id' || uuid.safeParse(key).success);
      const rows = await prisma.ptSchedule.findMany({ where: { [by]: { in: valid } } });
      const found = new Map(rows.flatMap((row) => (sees(actor, row) ? [[row[by], row] as const] : [])));
      return keys.map((key) => found.get(key) ?? null);
    });

  return {
    /** @throws Refused UNAUTHENTICATED, NOT_FOUND */
    async byId(id: string, actor: Actor): Promise<PtScheduleRow> {
      if (actor.kind === 'anonymous') requireUser(actor);
      const row = uuid.safeParse(id).success ? await prisma.ptSchedule.findUnique({ where: { id } }) : null;
      if (!row || !sees(actor, row)) throw notFound(WHAT);
      return row;
    },

    /** Whether the actor may watch an order's lesson; one without a schedule yet is watched by its customer's events. @throws Refused NOT_FOUND */
    async allowOrder(orderId: string, actor: Actor): Promise<void> {
      const row = await prisma.ptSchedule.findUnique({ where: { orderId }, select: { accountId: true, trainerId: true } });
      if (row && !sees(actor, row)) throw notFound(WHAT);
    },

    /** The actor's own as a trainer, newest first. @throws Refused UNAUTHENTICATED, FORBIDDEN, BAD_INPUT */
    async mine(list: ListArguments, actor: Actor): Promise<Connection<PtScheduleRow>> {
      return page({ trainerId: requireRole(actor, 'TRAINER').accountId }, list);
    },

    /** Newest first; empty for anybody else than the trainer and staff. @throws Refused BAD_INPUT */
    async ofTrainer(trainerId: string, list: ListArguments, actor: Actor): Promise<Connection<PtScheduleRow>> {
      if (isStaff(actor) || (actor.kind === 'user' && actor.accountId === trainerId)) return page({ trainerId }, list);
      pageOf(list);
      return connectionOf(NOTHING, list.first, ({ id }) => id);
    },

    /** Everybody's, newest first. @throws Refused UNAUTHENTICATED, FORBIDDEN, BAD_INPUT */
    async operations(list: ListArguments, actor: Actor): Promise<Connection<PtScheduleRow>> {
      requireRole(actor, 'MANAGER', 'ADMIN');
      return page({}, list);
    },

    loader: (actor: Actor): PtScheduleLoader => loading(actor, 'id'),
    byOrder: (actor: Actor): PtScheduleLoader => loading(actor, 'orderId'),
  };
}

export type PtSchedulesModel = ReturnType<typeof ptSchedules>;
