import type { Aggregate } from '@madang/kernel/domain';
import type { TrainerAssignmentEvent } from './events.ts';

interface Identity {
  readonly id: string;
  /** The customer's. */
  readonly accountId: string;
  /** One order has one assignment. */
  readonly orderId: string;
}

/** What was ordered, and when it was taken in. */
export interface Job {
  readonly classId: string;
  readonly className: string;
  readonly durationMinutes: number;
  readonly acceptedAt: Date;
}

/** Who was assigned, and when. */
export interface Assigned {
  readonly trainerId: string;
  readonly assignedAt: Date;
}

/** When the lesson is, as the trainer has confirmed it. */
export interface Lesson {
  readonly scheduleId: string;
  readonly at: Date;
  readonly confirmedAt: Date;
}

/** What there was of it when the cancellation came. */
interface Before {
  readonly job: Job | null;
  readonly assigned: Assigned | null;
  readonly lesson: Lesson | null;
}

/** An assignment (강사 배정). One that was cancelled before it was taken in has no job: it never will have. */
export type TrainerAssignment = Identity &
  (
    | { readonly status: 'ORDER_ACCEPTED'; readonly job: Job; readonly assigned: null; readonly lesson: null }
    | { readonly status: 'TRAINER_ASSIGNED'; readonly job: Job; readonly assigned: Assigned; readonly lesson: null }
    | { readonly status: 'ORDER_CONFIRMED'; readonly job: Job; readonly assigned: Assigned; readonly lesson: Lesson }
    | ({ readonly status: 'ORDER_CANCEL_ACCEPTED'; readonly cancelAcceptedAt: Date } & Before)
    | ({ readonly status: 'CANCELLED'; readonly cancelAcceptedAt: Date; readonly cancelledAt: Date } & Before)
  );

export const trainerAssignment: Aggregate<TrainerAssignment, TrainerAssignmentEvent> = {
  name: 'assignment',
  evolve(state, event) {
    const { assignmentId: id, accountId, orderId } = event.data;
    const identity = { id, accountId, orderId };
    const at = new Date(event.data.at);
    const { job = null, assigned = null, lesson = null } = state ?? {};
    switch (event.name) {
      case 'PtOrderAccepted': {
        const { classId, className, durationMinutes } = event.data;
        return {
          ...identity,
          status: 'ORDER_ACCEPTED',
          job: { classId, className, durationMinutes, acceptedAt: at },
          assigned: null,
          lesson: null,
        };
      }
      case 'TrainerAssigned':
        if (!job) throw new TypeError('TrainerAssigned before PtOrderAccepted');
        return {
          ...identity,
          status: 'TRAINER_ASSIGNED',
          job,
          assigned: { trainerId: event.data.trainerId, assignedAt: at },
          lesson: null,
        };
      case 'PtAssignmentConfirmed': {
        if (!job || !assigned) throw new TypeError('PtAssignmentConfirmed before TrainerAssigned');
        const { scheduleId, lessonAt } = event.data;
        return { ...identity, status: 'ORDER_CONFIRMED', job, assigned, lesson: { scheduleId, at: new Date(lessonAt), confirmedAt: at } };
      }
      case 'PtAssignmentCancelAccepted':
        return { ...identity, status: 'ORDER_CANCEL_ACCEPTED', job, assigned, lesson, cancelAcceptedAt: at };
      case 'PtAssignmentCancelled': {
        const cancelAcceptedAt = state && 'cancelAcceptedAt' in state ? state.cancelAcceptedAt : at;
        return { ...identity, status: 'CANCELLED', job, assigned, lesson, cancelAcceptedAt, cancelledAt: at };
      }
      case 'PtAssignmentCancelRefused':
        if (!job || !assigned || !lesson) throw new TypeError('PtAssignmentCancelRefused before PtAssignmentConfirmed');
        return { ...identity, status: 'ORDER_CONFIRMED', job, assigned, lesson };
    }
  },
};
