import { type Decide, type InputOf, notFound, Refused, requireRole } from '@madang/kernel/domain';
import type { Cleaning } from './cleaning.ts';
import type { cancelCleaning, completeCleaning, confirmCleaning, requestCleaning } from './commands.ts';
import {
  CleaningCancelled,
  CleaningCancelRefused,
  CleaningCompleted,
  CleaningConfirmed,
  type CleaningEvent,
  CleaningRequested,
} from './events.ts';

type Decision<Input> = Decide<Cleaning, Input, CleaningEvent>;
/** The id that a cleaning gets if there is none yet. */
type New = { readonly newId: string };

/** What there is not, when there is not, or it is another's. */
export const WHAT = 'The cleaning';

const of = ({ id, accountId, reservationId }: Cleaning, now: Date) => ({ cleaningId: id, accountId, reservationId, at: now.toISOString() });
const cancelled = () => new Refused('CLEANING_CANCELLED', 'It has been cancelled. 취소된 청소입니다.');

/** `state` is the reservation's cleaning: one that was cancelled, even before, is never requested. */
export const decideRequest: Decision<InputOf<typeof requestCleaning> & New> = (state, { newId, ...job }, { now }) =>
  state === null ? [CleaningRequested({ cleaningId: newId, ...job, at: now.toISOString() })] : [];

/** `state` is the reservation's cleaning. What is not there yet is cancelled for good; what has been cleaned stays. */
export const decideCancel: Decision<InputOf<typeof cancelCleaning> & New> = (state, { newId, accountId, reservationId }, { now }) => {
  if (state === null) return [CleaningCancelled({ cleaningId: newId, accountId, reservationId, started: false, at: now.toISOString() })];
  switch (state.status) {
    case 'REQUESTED':
    case 'CONFIRMED':
      return [CleaningCancelled({ ...of(state, now), started: true })];
    case 'DONE':
      return [CleaningCancelRefused({ ...of(state, now), reason: 'ALREADY_DONE' })];
    case 'CANCELLED':
      return [];
  }
};

export const decideConfirm: Decision<InputOf<typeof confirmCleaning>> = (state, _, { actor, now }) => {
  requireRole(actor, 'MANAGER');
  if (state === null) throw notFound(WHAT);
  switch (state.status) {
    case 'REQUESTED':
      return [CleaningConfirmed(of(state, now))];
    case 'CONFIRMED':
    case 'DONE':
      return [];
    case 'CANCELLED':
      throw cancelled();
  }
};

export const decideComplete: Decision<InputOf<typeof completeCleaning>> = (state, _, { actor, now }) => {
  requireRole(actor, 'MANAGER');
  if (state === null) throw notFound(WHAT);
  switch (state.status) {
    case 'REQUESTED':
      throw new Refused('NOT_CONFIRMED', 'It is to be confirmed first. 먼저 예약을 확정해 주세요.');
    case 'CONFIRMED':
      return [CleaningCompleted(of(state, now))];
    case 'DONE':
      return [];
    case 'CANCELLED':
      throw cancelled();
  }
};
