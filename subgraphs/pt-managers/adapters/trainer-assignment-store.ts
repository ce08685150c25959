import type { Store } from '@madang/kernel/context';
import { saveRow } from '@madang/kernel/prisma';
import type { PrismaClient, TrainerAssignment as Row } from '../generated/prisma/client.ts';
import type { TrainerAssignmentRow } from '../read-models/trainer-assignments.ts';
import type { TrainerAssignment } from '../trainer-assignment.ts';

/** An assignment as its row has it. */
export function rowOf(state: TrainerAssignment): TrainerAssignmentRow {
  const { id, accountId, orderId, status, job, assigned, lesson } = state;
  return {
    id,
    accountId,
    orderId,
    status,
    classId: job?.classId ?? null,
    className: job?.className ?? null,
    durationMinutes: job?.durationMinutes ?? null,
    acceptedAt: job?.acceptedAt ?? null,
    trainerId: assigned?.trainerId ?? null,
    assignedAt: assigned?.assignedAt ?? null,
    scheduleId: lesson?.scheduleId ?? null,
    lessonAt: lesson?.at ?? null,
    confirmedAt: lesson?.confirmedAt ?? null,
    cancelAcceptedAt: 'cancelAcceptedAt' in state ? state.cancelAcceptedAt : null,
    cancelledAt: state.status === 'CANCELLED' ? state.cancelledAt : null,
  };
}

const jobOf = ({ classId, className, durationMinutes, acceptedAt }: Row) =>
  classId && className !== null && durationMinutes && acceptedAt ? { classId, className, durationMinutes, acceptedAt } : null;
const assignedOf = ({ trainerId, assignedAt }: Row) => (trainerId && assignedAt ? { trainerId, assignedAt } : null);
const lessonOf = ({ scheduleId, lessonAt: at, confirmedAt }: Row) =>
  scheduleId && at && confirmedAt ? { scheduleId, at, confirmedAt } : null;

function stateOf(row: Row): TrainerAssignment {
  const { id, accountId, orderId, status, cancelAcceptedAt, cancelledAt } = row;
  const identity = { id, accountId, orderId };
  const [job, assigned, lesson] = [jobOf(row), assignedOf(row), lessonOf(row)];
  if (status === 'ORDER_ACCEPTED' && job) return { ...identity, status, job, assigned: null, lesson: null };
  if (status === 'TRAINER_ASSIGNED' && job && assigned) return { ...identity, status, job, assigned, lesson: null };
  if (status === 'ORDER_CONFIRMED' && job && assigned && lesson) return { ...identity, status, job, assigned, lesson };
  if (status === 'ORDER_CANCEL_ACCEPTED' && cancelAcceptedAt) return { ...identity, status, job, assigned, lesson, cancelAcceptedAt };
  if (status === 'CANCELLED' && cancelAcceptedAt && cancelledAt)
    return { ...identity, status, job, assigned, lesson, cancelAcceptedAt, cancelledAt };
  throw new TypeError(`assignment ${id} is ${status}, but its row lacks what belongs to that`);
}

/** Assignments by the order. Of an order and its cancellation at once, one finds the other: an order has one assignment. */
export const assignmentsByOrder = (prisma: PrismaClient): Store<TrainerAssignment> => ({
  async load(orderId) {
    const row = await prisma.trainerAssignment.findUnique({ where: { orderId } });
    return row && { state: stateOf(row), version: row.version };
  },
  save: (state, version) => saveRow('TrainerAssignment', rowOf(state), version),
});
