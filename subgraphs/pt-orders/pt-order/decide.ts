import { type Decide, type InputOf, notFound, requireUser } from '@madang/kernel/domain';
import {
  PtCancellationRejected,
  PtCancellationRequested,
  PtOrderAcknowledged,
  PtOrderCancelled,
  PtOrderCompleted,
  PtOrderConfirmed,
  PtOrdered,
} from '../events.ts';
import type { PtClass } from '../pt-class/pt-class.ts';
import type { cancelPtOrder, followPtOrder, orderPt } from './commands.ts';
import { lessonArranged, type PtOrder, type PtOrderChange, trainerNamed } from './pt-order.ts';

type Decision<Input> = Decide<PtOrder, Input, PtOrderChange>;

/** What a customer is told that there is not, when there is not, or it is another's. */
export const WHAT = 'The PT order';

const LESSON_RESULT_POSTED = 'LESSON_RESULT_POSTED';

const known = (state: PtOrder | null): PtOrder => {
  if (state === null) throw notFound(WHAT);
  return state;
};

const of = ({ id, accountId }: PtOrder, now: Date) => ({ orderId: id, accountId, at: now.toISOString() });

/** With what was ordered, by the name that the customer knows it by. */
const named = (order: PtOrder, now: Date) => ({ ...of(order, now), className: order.className });

/** `ptClass` is what can be ordered under `classId` now: the order keeps it as it is. */
export const decideOrder: Decision<Pick<InputOf<typeof orderPt>, 'classId'> & { orderId: string; ptClass: PtClass | null }> = (
  _,
  { orderId, ptClass },
  { actor, now },
) => {
  const { accountId } = requireUser(actor);
  if (ptClass === null) throw notFound('The PT class');
  const { id: classId, name: className, durationMinutes, price } = ptClass;
  return [PtOrdered({ orderId, accountId, classId, className, durationMinutes, price, at: now.toISOString() })];
};

/** A request at first; it is a fact when trainer and schedule are free. A lesson that has been held stays. */
export const decideCancel: Decision<InputOf<typeof cancelPtOrder>> = (state, _, { actor, now }) => {
  const asking = requireUser(actor);
  const order = known(state);
  if (order.accountId !== asking.accountId) throw notFound(WHAT);
  switch (order.status) {
    case 'ORDERED':
    case 'ACCEPTED':
    case 'CONFIRMED':
      return [PtCancellationRequested(of(order, now))];
    case 'COMPLETED':
      if (order.cancellationRejectedReason !== null) return [];
      return [PtCancellationRejected({ ...named(order, now), status: 'COMPLETED', reason: LESSON_RESULT_POSTED })];
    case 'CANCELLING':
    case 'CANCELLED':
      return [];
  }
};

/** Managers and trainers tell in any order, more than once: a step that was overtaken is left out, one that comes late changes no status. */
export const decideFollow: Decision<InputOf<typeof followPtOrder>> = (state, input, { now }) => {
  const order = known(state);
  const { status } = order;
  const told = named(order, now);
  const waits = status === 'ORDERED' || status === 'ACCEPTED';
  switch (input.progress) {
    case 'ACCEPTED':
      return status === 'ORDERED' ? [PtOrderAcknowledged({ ...of(order, now), assignmentId: input.assignmentId })] : [];
    case 'TRAINER_ASSIGNED':
      return order.trainerId === null ? [trainerNamed({ trainerId: input.trainerId })] : [];
    case 'CONFIRMED': {
      const { trainerId, scheduleId, lessonAt } = input;
      if (waits) return [PtOrderConfirmed({ ...told, trainerId, scheduleId, lessonAt })];
      return order.lesson === null ? [lessonArranged({ trainerId, scheduleId, lessonAt })] : [];
    }
    case 'RESULT_POSTED': {
      const { trainerId, scheduleId, lessonAt } = input;
      const arranged = order.lesson === null ? [lessonArranged({ trainerId, scheduleId, lessonAt })] : [];
      if (status === 'CANCELLING')
        return [...arranged, PtCancellationRejected({ ...told, status: 'COMPLETED', reason: LESSON_RESULT_POSTED })];
      return waits || status === 'CONFIRMED' ? [...arranged, PtOrderCompleted({ ...told, scheduleId })] : arranged;
    }
    case 'CANCELLED':
      return status === 'CANCELLING' ? [PtOrderCancelled(told)] : [];
    case 'CANCEL_REFUSED':
      return status === 'CANCELLING' ? [PtCancellationRejected({ ...told, status: 'COMPLETED', reason: input.reason })] : [];
  }
};
