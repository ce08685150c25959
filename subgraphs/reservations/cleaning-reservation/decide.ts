import { badInput, type Decide, type InputOf, notFound, requireUser } from '@madang/kernel/domain';
import type { CleaningPlan } from '../cleaning-plan/cleaning-plan.ts';
import {
  CleaningCancellationRejected,
  CleaningCancellationRequested,
  CleaningReservationCancelled,
  CleaningReservationConfirmed,
  CleaningReservationDone,
  CleaningReserved,
} from '../events.ts';
import {
  type CleaningReservation,
  type CleaningReservationChange,
  isShown,
  reservationBegun,
  reservationDropped,
} from './cleaning-reservation.ts';
import type { cancelCleaningReservation, followCleaning, reserveCleaning, settlePayment } from './commands.ts';

type Decision<Input> = Decide<CleaningReservation, Input, CleaningReservationChange>;

/** What a customer is told that there is not, when there is not, or it is another's. */
export const WHAT = 'The cleaning reservation';

const ALREADY_DONE = 'ALREADY_DONE';

const known = (state: CleaningReservation | null): CleaningReservation => {
  if (state === null) throw notFound(WHAT);
  return state;
};

const of = ({ id, accountId, title, cleaningAt }: CleaningReservation, now: Date) => ({
  reservationId: id,
  accountId,
  title,
  cleaningAt: cleaningAt.toISOString(),
  at: now.toISOString(),
});

/** `plan` is what can be reserved under `planId` now: its price is the price. */
export const decideReserve: Decision<InputOf<typeof reserveCleaning> & { reservationId: string; plan: CleaningPlan | null }> = (
  _,
  { reservationId, plan, place, at },
  { actor, now },
) => {
  const { accountId } = requireUser(actor);
  if (plan === null) throw notFound('The cleaning plan');
  if (at <= now) throw badInput('at', 'at: must be in the future. 청소 일시는 지금 이후여야 합니다.');
  const { id: planId, name: title, minutes, price: amount } = plan;
  return [reservationBegun({ id: reservationId, accountId, planId, title, minutes, amount, place, cleaningAt: at, at: now.toISOString() })];
};

/** Answers and events tell the same in any order, more than once. What was dropped stays so: its money is given back. */
export const decideSettlePayment: Decision<InputOf<typeof settlePayment>> = (state, { outcome, paymentId }, { now }) => {
  const reservation = known(state);
  const { status, planId, minutes, amount, place } = reservation;
  if (outcome === 'APPROVED' && status === 'PENDING')
    return [CleaningReserved({ ...of(reservation, now), planId, minutes, amount, place, paymentId })];
  if (outcome === 'CANCELLED' && status === 'CANCELLING') return [CleaningReservationCancelled(of(reservation, now))];
  return [];
};

/** Nobody waits any more for it to be paid. */
export const decideDrop: Decision<object> = (state, _, { now }) =>
  known(state).status === 'PENDING' ? [reservationDropped({ at: now.toISOString() })] : [];

/** A request at first; it is a fact when the cleaning is called off and the payment cancelled. What has been cleaned stays. */
export const decideCancel: Decision<InputOf<typeof cancelCleaningReservation>> = (state, _, { actor, now }) => {
  const asking = requireUser(actor);
  const reservation = known(state);
  if (reservation.accountId !== asking.accountId || !isShown(reservation)) throw notFound(WHAT);
  switch (reservation.status) {
    case 'RESERVED':
    case 'CONFIRMED':
      return [CleaningCancellationRequested(of(reservation, now))];
    case 'DONE':
      if (reservation.cancellationRejectedReason !== null) return [];
      return [CleaningCancellationRejected({ ...of(reservation, now), status: 'DONE', reason: ALREADY_DONE })];
    case 'CANCELLING':
    case 'CANCELLED':
      return [];
  }
};

/** One that is done while it is being cancelled has won: the cancellation is rejected. */
export const decideFollowCleaning: Decision<InputOf<typeof followCleaning>> = (state, input, { now }) => {
  const reservation = known(state);
  const { status } = reservation;
  const told = of(reservation, now);
  if (status === 'CANCELLING' && input.progress !== 'CONFIRMED') {
    const reason = input.progress === 'CANCEL_REFUSED' ? input.reason : ALREADY_DONE;
    return [CleaningCancellationRejected({ ...told, status: 'DONE', reason })];
  }
  if (status === 'RESERVED' && input.progress === 'CONFIRMED') return [CleaningReservationConfirmed(told)];
  if ((status === 'RESERVED' || status === 'CONFIRMED') && input.progress === 'DONE') return [CleaningReservationDone(told)];
  return [];
};

/** Charged after all, when nobody waited any more: the money goes back. */
export const isToGiveBack = ({ status }: CleaningReservation, outcome: InputOf<typeof settlePayment>['outcome']): boolean =>
  outcome === 'APPROVED' && status === 'DROPPED';
