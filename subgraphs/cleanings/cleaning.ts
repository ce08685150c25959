import type { Aggregate } from '@madang/kernel/domain';
import type { CleaningEvent } from './events.ts';

interface Identity {
  readonly id: string;
  readonly accountId: string;
  /** One reservation has one cleaning. */
  readonly reservationId: string;
}

/** What is to be cleaned, and when. */
export interface Job {
  readonly title: string;
  readonly place: string;
  readonly cleaningAt: Date;
  readonly requestedAt: Date;
}

/** A cleaning (청소). One that was cancelled before it was requested has no job: it never will have. */
export type Cleaning = Identity &
  (
    | { readonly status: 'REQUESTED'; readonly job: Job; readonly confirmedAt: null }
    | { readonly status: 'CONFIRMED'; readonly job: Job; readonly confirmedAt: Date }
    | { readonly status: 'DONE'; readonly job: Job; readonly confirmedAt: Date; readonly doneAt: Date }
    | { readonly status: 'CANCELLED'; readonly job: Job | null; readonly confirmedAt: Date | null; readonly cancelledAt: Date }
  );

export type CleaningStatus = Cleaning['status'];

export const cleaning: Aggregate<Cleaning, CleaningEvent> = {
  name: 'cleaning',
  evolve(state, event) {
    const { cleaningId: id, accountId, reservationId } = event.data;
    const identity = { id, accountId, reservationId };
    const at = new Date(event.data.at);
    if (event.name === 'CleaningRequested') {
      const { title, place, cleaningAt } = event.data;
      const job = { title, place, cleaningAt: new Date(cleaningAt), requestedAt: at };
      return { ...identity, status: 'REQUESTED', job, confirmedAt: null };
    }
    if (event.name === 'CleaningCancelled')
      return { ...identity, status: 'CANCELLED', job: state?.job ?? null, confirmedAt: state?.confirmedAt ?? null, cancelledAt: at };
    if (!state?.job) throw new TypeError(`${event.name} before CleaningRequested`);
    switch (event.name) {
      case 'CleaningConfirmed':
        return { ...identity, status: 'CONFIRMED', job: state.job, confirmedAt: at };
      case 'CleaningCompleted':
        return { ...identity, status: 'DONE', job: state.job, confirmedAt: state.confirmedAt ?? at, doneAt: at };
      case 'CleaningCancelRefused':
        return state;
    }
  },
};
