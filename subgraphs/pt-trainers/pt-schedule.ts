import type { Aggregate } from '@madang/kernel/domain';
import type { PtScheduleEvent } from './events.ts';

interface Identity {
  readonly id: string;
  /** The customer's. */
  readonly accountId: string;
  /** One order has one schedule. */
  readonly orderId: string;
}

/** What is to be taught, and by whom. */
export interface Job {
  readonly trainerId: string;
  readonly classId: string;
  readonly className: string;
  readonly durationMinutes: number;
  readonly requestedAt: Date;
}

/** When the lesson is: from `at` on, until just before `endsAt`. */
export interface Lesson {
  readonly at: Date;
  readonly endsAt: Date;
  readonly confirmedAt: Date;
}

/** A schedule (PT 일정). One that was cancelled before it was requested has no job: it never will have. */
export type PtSchedule = Identity &
  (
    | { readonly status: 'REQUESTED'; readonly job: Job; readonly lesson: null }
    | { readonly status: 'CONFIRMED'; readonly job: Job; readonly lesson: Lesson }
    | {
        readonly status: 'RESULT_POSTED';
        readonly job: Job;
        readonly lesson: Lesson;
        readonly result: string;
        readonly resultPostedAt: Date;
      }
    | { readonly status: 'CANCELLED'; readonly job: Job | null; readonly lesson: Lesson | null; readonly cancelledAt: Date }
  );

export const ptSchedule: Aggregate<PtSchedule, PtScheduleEvent> = {
  name: 'schedule',
  evolve(state, event) {
    const { scheduleId: id, accountId, orderId } = event.data;
    const identity = { id, accountId, orderId };
    const at = new Date(event.data.at);
    if (event.name === 'PtScheduleRequested') {
      const { trainerId, classId, className, durationMinutes } = event.data;
      return { ...identity, status: 'REQUESTED', job: { trainerId, classId, className, durationMinutes, requestedAt: at }, lesson: null };
    }
    if (event.name === 'PtScheduleCancelled')
      return { ...identity, status: 'CANCELLED', job: state?.job ?? null, lesson: state?.lesson ?? null, cancelledAt: at };
    if (!state?.job) throw new TypeError(`${event.name} before PtScheduleRequested`);
    const { job } = state;
    if (event.name === 'PtScheduleConfirmed') {
      const { lessonAt, endsAt } = event.data;
      return { ...identity, status: 'CONFIRMED', job, lesson: { at: new Date(lessonAt), endsAt: new Date(endsAt), confirmedAt: at } };
    }
    if (!state.lesson) throw new TypeError(`${event.name} before PtScheduleConfirmed`);
    return { ...identity, status: 'RESULT_POSTED', job, lesson: state.lesson, result: event.data.result, resultPostedAt: at };
  },
};

/** A schedule beside the trainer's other lessons, those that come near the time in question. */
export interface Timetable {
  readonly schedule: PtSchedule;
  readonly others: readonly Pick<Lesson, 'at' | 'endsAt'>[];
}

/** What is decided with the timetable in view changes the schedule alone. */
export const timetable: Aggregate<Timetable, PtScheduleEvent> = {
  name: ptSchedule.name,
  evolve: (state, event) => ({ schedule: ptSchedule.evolve(state?.schedule ?? null, event), others: state?.others ?? [] }),
};
