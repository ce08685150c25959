import type { Loaded, Store } from '@madang/kernel/context';
import { saveRow } from '@madang/kernel/prisma';
import type { PrismaClient, PtSchedule as Row } from '../generated/prisma/client.ts';
import type { PtSchedule, Timetable } from '../pt-schedule.ts';
import type { PtScheduleRow } from '../read-models/pt-schedules.ts';

/** A schedule as its row has it. */
export function rowOf(state: PtSchedule): PtScheduleRow {
  const { id, accountId, orderId, status, job, lesson } = state;
  const posted = state.status === 'RESULT_POSTED' ? state : null;
  return {
    id,
    accountId,
    orderId,
    status,
    trainerId: job?.trainerId ?? null,
    classId: job?.classId ?? null,
    className: job?.className ?? null,
    durationMinutes: job?.durationMinutes ?? null,
    requestedAt: job?.requestedAt ?? null,
    lessonAt: lesson?.at ?? null,
    endsAt: lesson?.endsAt ?? null,
    confirmedAt: lesson?.confirmedAt ?? null,
    result: posted?.result ?? null,
    resultPostedAt: posted?.resultPostedAt ?? null,
    cancelledAt: state.status === 'CANCELLED' ? state.cancelledAt : null,
  };
}

function jobOf({ trainerId, classId, className, durationMinutes, requestedAt }: Row) {
  if (!trainerId || !classId || className === null || !durationMinutes || !requestedAt) return null;
  return { trainerId, classId, className, durationMinutes, requestedAt };
}

function lessonOf({ lessonAt: at, endsAt, confirmedAt }: Row) {
  return at && endsAt && confirmedAt ? { at, endsAt, confirmedAt } : null;
}

function stateOf(row: Row): PtSchedule {
  const { id, accountId, orderId, status, result, resultPostedAt, cancelledAt } = row;
  const identity = { id, accountId, orderId };
  const [job, lesson] = [jobOf(row), lessonOf(row)];
  if (status === 'CANCELLED' && cancelledAt) return { ...identity, status, job, lesson, cancelledAt };
  if (status === 'REQUESTED' && job) return { ...identity, status, job, lesson: null };
  if (status === 'CONFIRMED' && job && lesson) return { ...identity, status, job, lesson };
  if (status === 'RESULT_POSTED' && job && lesson && result !== null && resultPostedAt)
    return { ...identity, status, job, lesson, result, resultPostedAt };
  throw new TypeError(`schedule ${id} is ${status}, but its row lacks what belongs to that`);
}

const loaded = (row: Row | null): Loaded<PtSchedule> | null => row && { state: stateOf(row), version: row.version };
const save = (state: PtSchedule, version: number) => saveRow('PtSchedule', rowOf(state), version);

/** Schedules by their id. */
export const schedulesById = (prisma: PrismaClient): Store<PtSchedule> => ({
  load: async (id) => loaded(await prisma.ptSchedule.findUnique({ where: { id } })),
  save,
});

/** Schedules by the order. Of a request and a cancellation at once, one finds the other: an order has one schedule. */
export const schedulesByOrder = (prisma: PrismaClient): Store<PtSchedule> => ({
  load: async (orderId) => loaded(await prisma.ptSchedule.findUnique({ where: { orderId } })),
  save,
});

/**
 * Schedules by their id, beside the lessons that its trainer has if it is to begin at `from`. Of two that are saved for one time at once,
 * the exclusion constraint lets one pass; the other is loaded again, and finds it.
 */
export const timetables = (prisma: PrismaClient, from: Date): Store<Timetable> => ({
  async load(id) {
    const found = loaded(await prisma.ptSchedule.findUnique({ where: { id } }));
    if (found === null) return null;
    const { trainerId, durationMinutes } = found.state.job ?? { trainerId: null, durationMinutes: 0 };
    const until = new Date(from.getTime() + durationMinutes * 60_000);
    const rows = await prisma.ptSchedule.findMany({
      where: {
        trainerId,
        id: { not: id },
        status: { in: ['CONFIRMED', 'RESULT_POSTED'] },
        lessonAt: { lt: until },
        endsAt: { gt: from },
      },
      select: { lessonAt: true, endsAt: true },
    });
    const others = rows.flatMap(({ lessonAt: at, endsAt }) => (at && endsAt ? [{ at, endsAt }] : []));
    return { state: { schedule: found.state, others }, version: found.version };
  },
  save: ({ schedule }, version) => save(schedule, version),
});
