import { type Decide, type InputOf, notFound, Refused, requireRole } from '@madang/kernel/domain';
import type { acceptOrder, assignTrainer, cancelAssignment, confirmAssignment } from './commands.ts';
import {
  PtAssignmentCancelAccepted,
  PtAssignmentCancelled,
  PtAssignmentCancelRefused,
  PtAssignmentConfirmed,
  PtOrderAccepted,
  TrainerAssigned,
  type TrainerAssignmentEvent,
} from './events.ts';
import type { TrainerAssignment } from './trainer-assignment.ts';

type Decision<Input> = Decide<TrainerAssignment, Input, TrainerAssignmentEvent>;
/** The id that an assignment gets if there is none yet. */
type New = { readonly newId: string };

/** What became of the schedule: cancelled, or the lesson has been held. */
export type ScheduleAnswer =
  | { readonly kind: 'CANCELLED' }
  | { readonly kind: 'HELD'; readonly scheduleId: string; readonly trainerId: string; readonly lessonAt: string };

/** What there is not, when there is not, or it is another's. */
export const WHAT = 'The assignment';

const of = ({ id, accountId, orderId }: TrainerAssignment, now: Date) => ({ assignmentId: id, accountId, orderId, at: now.toISOString() });

/** `state` is the order's assignment: one whose cancellation came first is never taken in. */
export const decideAccept: Decision<InputOf<typeof acceptOrder> & New> = (state, { newId, ...order }, { now }) =>
  state === null ? [PtOrderAccepted({ assignmentId: newId, ...order, at: now.toISOString() })] : [];

/** By a manager. `isTrainer`: whether that account is known to hold the role. */
export const decideAssign: Decision<InputOf<typeof assignTrainer> & { isTrainer: boolean }> = (
  state,
  { trainerId, isTrainer },
  { actor, now },
) => {
  requireRole(actor, 'MANAGER');
  if (state === null) throw notFound(WHAT);
  switch (state.status) {
    case 'ORDER_CANCEL_ACCEPTED':
    case 'CANCELLED':
      throw new Refused('ORDER_CANCELLED', 'The order is cancelled. 취소된 수강신청입니다.');
    case 'TRAINER_ASSIGNED':
    case 'ORDER_CONFIRMED':
      if (state.assigned.trainerId === trainerId) return [];
      throw new Refused('ALREADY_ASSIGNED', 'Another trainer is assigned. 이미 다른 강사가 배정되었습니다.', { field: 'trainerId' });
    case 'ORDER_ACCEPTED': {
      if (!isTrainer) throw new Refused('NOT_A_TRAINER', 'That account is no trainer. 강사가 아닌 계정입니다.', { field: 'trainerId' });
      const { classId, className, durationMinutes } = state.job;
      return [TrainerAssigned({ ...of(state, now), trainerId, classId, className, durationMinutes })];
    }
  }
};

/** What comes late, or again, changes nothing. */
export const decideConfirm: Decision<InputOf<typeof confirmAssignment>> = (state, { trainerId, scheduleId, lessonAt }, { now }) =>
  state?.status === 'TRAINER_ASSIGNED' ? [PtAssignmentConfirmed({ ...of(state, now), trainerId, scheduleId, lessonAt })] : [];

/** A request at first: it is cancelled when its schedule is. `state` is the order's; without one, the cancellation is kept. */
export const decideAcceptCancellation: Decision<InputOf<typeof cancelAssignment> & New> = (
  state,
  { newId, accountId, orderId },
  { now },
) => {
  if (state === null) return [PtAssignmentCancelAccepted({ assignmentId: newId, accountId, orderId, at: now.toISOString() })];
  return state.status === 'ORDER_CANCEL_ACCEPTED' || state.status === 'CANCELLED' ? [] : [PtAssignmentCancelAccepted(of(state, now))];
};

/**
 * The schedule is cancelled: so is the assignment, never sooner. Or the lesson has been held: all stays as it was, and who has not heard of the
 * lesson yet, because the cancellation was faster, hears of it now.
 */
export const decideSettleCancellation: Decision<ScheduleAnswer> = (state, answer, { now }) => {
  if (state?.status !== 'ORDER_CANCEL_ACCEPTED') return [];
  if (answer.kind === 'CANCELLED') return [PtAssignmentCancelled({ ...of(state, now), started: state.job !== null })];
  const { scheduleId, trainerId, lessonAt } = answer;
  const refused = PtAssignmentCancelRefused({ ...of(state, now), reason: 'LESSON_RESULT_POSTED' });
  return state.lesson ? [refused] : [PtAssignmentConfirmed({ ...of(state, now), trainerId, scheduleId, lessonAt }), refused];
};
