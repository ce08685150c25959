import { type Decide, Refused, user } from '@madang/kernel/domain';
import { expect, it } from 'vitest';
import {
  decideAccept,
  decideAcceptCancellation,
  decideAssign,
  decideConfirm,
  decideSettleCancellation,
  type ScheduleAnswer,
} from './decide.ts';
import type { TrainerAssignmentEvent } from './events.ts';
import { type TrainerAssignment, trainerAssignment } from './trainer-assignment.ts';

const now = new Date('2026-11-20T06:00:00Z');
const newId = '01936d5e-0000-7000-8000-000000000312';
const order = { accountId: 'customer', orderId: 'order' };
const pt = { classId: 'posture', className: '자세 교정 PT', durationMinutes: 50 };
const lesson = { trainerId: 'trainer', scheduleId: 'schedule', lessonAt: '2026-11-25T01:00:00.000Z' };

interface Course {
  readonly state: TrainerAssignment | null;
  /** How the trainers have its schedule. */
  readonly schedule: 'NONE' | 'REQUESTED' | 'CONFIRMED' | 'RESULT_POSTED' | 'CANCELLED';
  readonly told: readonly string[];
  readonly answer: ScheduleAnswer | null;
  /** The customer asks once: an order whose lesson was held cannot be cancelled. */
  readonly requested: boolean;
}
type Fact = (course: Course) => Course;

const fact =
  <Input>(decide: Decide<TrainerAssignment, Input, TrainerAssignmentEvent>, input: (course: Course) => Input | null): Fact =>
  (course) => {
    const given = input(course);
    if (given === null) return course;
    try {
      const events = decide(course.state, given, { now, actor: user('m', 'MANAGER') });
      const state = events.reduce<TrainerAssignment | null>((before, event) => trainerAssignment.evolve(before, event), course.state);
      return { ...course, state, told: [...course.told, ...events.map(({ name }) => name)] };
    } catch (error) {
      expect(error).toBeInstanceOf(Refused);
      return course;
    }
  };

/** What the trainers do, who hear of an assignment once there is one. */
const trainers =
  (from: Course['schedule'], to: Course['schedule'], when: (course: Course) => boolean = () => true): Fact =>
  (course) =>
    course.schedule === from && when(course) ? { ...course, schedule: to } : course;

const isTold = (name: string) => (course: Course) => course.told.includes(name);
const wasConfirmed = ({ schedule }: Course) => schedule === 'CONFIRMED' || schedule === 'RESULT_POSTED';

const accepting = fact(decideAcceptCancellation, () => ({ ...order, newId }));

const facts = {
  ordered: fact(decideAccept, () => ({ ...order, ...pt, newId })),
  assigned: fact(decideAssign, () => ({ orderId: 'order', trainerId: 'trainer', isTrainer: true })),
  trainerHears: trainers('NONE', 'REQUESTED', isTold('TrainerAssigned')),
  trainerConfirms: trainers('REQUESTED', 'CONFIRMED'),
  confirmationHeard: fact(decideConfirm, (course) => (wasConfirmed(course) ? { orderId: 'order', ...lesson } : null)),
  resultPosted: trainers('CONFIRMED', 'RESULT_POSTED'),
  cancellationRequested: ((course) => (course.requested ? course : { ...accepting(course), requested: true })) as Fact,
  scheduleAsked: ((course) => {
    if (course.state?.status !== 'ORDER_CANCEL_ACCEPTED') return course;
    if (course.schedule === 'RESULT_POSTED') return { ...course, answer: { kind: 'HELD', ...lesson } };
    return { ...course, schedule: 'CANCELLED', answer: { kind: 'CANCELLED' } };
  }) as Fact,
  answerComes: fact(decideSettleCancellation, ({ answer }) => answer),
};
const names = Object.keys(facts) as (keyof typeof facts)[];

const begin: Course = { state: null, schedule: 'NONE', told: [], answer: null, requested: false };
/** What the intent does until it is closed. */
const settled = (course: Course): Course => facts.answerComes(facts.scheduleAsked(course));

/** Every course that any order of the facts, each as often as one likes, can take. */
function courses(): ReadonlyMap<string, Course> {
  const found = new Map([[JSON.stringify(begin), begin]]);
  // The map grows while it is walked.
  for (const course of found.values())
    for (const name of names) {
      const next = facts[name](course);
      const key = JSON.stringify(next);
      if (!found.has(key)) found.set(key, next);
    }
  return found;
}
const all = courses();

it('whatever happens in whatever order, an assignment is CANCELLED only when its schedule is', () => {
  expect(all.size).toBeGreaterThan(20);
  const seen = new Set<string | undefined>();
  for (const [story, { state, schedule, told }] of all) {
    if (state?.status === 'CANCELLED') expect(schedule, story).toBe('CANCELLED');
    expect(new Set(told).size, story).toBe(told.length);
    seen.add(state?.status);
  }
  expect([...seen].sort()).toEqual([
    'CANCELLED',
    'ORDER_ACCEPTED',
    'ORDER_CANCEL_ACCEPTED',
    'ORDER_CONFIRMED',
    'TRAINER_ASSIGNED',
    undefined,
  ]);
});

it('once its cancellation is asked for, it ends: both are cancelled, or the lesson was held and both stay', () => {
  let held = 0;
  for (const [story, course] of all) {
    const { state, schedule, told } = settled(facts.cancellationRequested(course));
    const end = [state?.status, schedule, told.at(-1)];
    if (schedule === 'CANCELLED') expect(end, story).toEqual(['CANCELLED', 'CANCELLED', 'PtAssignmentCancelled']);
    else expect(end, story).toEqual(['ORDER_CONFIRMED', 'RESULT_POSTED', 'PtAssignmentCancelRefused']);
    if (schedule === 'RESULT_POSTED') held++;
  }
  expect(held).toBeGreaterThan(0);
});

it('what is told twice changes nothing the second time', () => {
  for (const [story, course] of all)
    for (const name of names) {
      const once = facts[name](course);
      expect(facts[name](once), `${name} after ${story}`).toEqual(once);
    }
});
