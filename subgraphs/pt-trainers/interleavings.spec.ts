import { type Decide, Refused, service, user } from '@madang/kernel/domain';
import { expect, it } from 'vitest';
import { decideCancel, decideConfirm, decidePostResult, decideRequest } from './decide.ts';
import type { PtScheduleEvent } from './events.ts';
import { type Timetable, timetable } from './pt-schedule.ts';

const at = new Date('2026-11-25T01:00:00Z');
const newId = '01936d5e-0000-7000-8000-000000000322';
const order = { accountId: 'customer', orderId: 'order' };
const trainer = user('trainer', 'TRAINER');

interface Course {
  readonly state: Timetable | null;
  readonly told: readonly string[];
  /** Whoever cancels was told that it is done, or that it is too late. */
  readonly answers: readonly string[];
}
type Fact = (course: Course) => Course;

const run =
  <Input>(
    decide: Decide<Timetable, Input, PtScheduleEvent>,
    input: Input,
    actor = service('pt-managers') as Parameters<typeof decide>[2]['actor'],
  ) =>
  (course: Course): { course: Course; code: string } => {
    try {
      const events = decide(course.state, input, { now: at, actor });
      const state = events.reduce((before, event) => timetable.evolve(before, event), course.state);
      return { course: { ...course, state, told: [...course.told, ...events.map(({ name }) => name)] }, code: 'DONE' };
    } catch (error) {
      expect(error).toBeInstanceOf(Refused);
      return { course, code: (error as Refused).code };
    }
  };
const alone =
  <Input>(decide: Decide<Timetable['schedule'], Input, PtScheduleEvent>): Decide<Timetable, Input, PtScheduleEvent> =>
  (state, input, facts) =>
    decide(state?.schedule ?? null, input, facts);
const cancel = run(alone(decideCancel), { ...order, idempotencyKey: 'order', newId });

const facts: Record<string, Fact> = {
  assigned: (course) =>
    run(alone(decideRequest), { ...order, trainerId: 'trainer', classId: 'c', className: 'PT', durationMinutes: 50, newId })(course).course,
  confirmed: (course) => run(decideConfirm, { scheduleId: newId, at }, trainer)(course).course,
  confirmedForLater: (course) => run(decideConfirm, { scheduleId: newId, at: new Date(at.getTime() + 1) }, trainer)(course).course,
  resultPosted: (course) => run(alone(decidePostResult), { scheduleId: newId, result: '좋습니다.' }, trainer)(course).course,
  cancelled(before) {
    const { course, code } = cancel(before);
    return { ...course, answers: course.answers.includes(code) ? course.answers : [...course.answers, code] };
  },
};

function courses(): ReadonlyMap<string, Course> {
  const begin: Course = { state: null, told: [], answers: [] };
  const found = new Map([['', begin]]);
  // The map grows while it is walked.
  for (const course of found.values())
    for (const fact of Object.values(facts)) {
      const next = fact(course);
      const key = JSON.stringify(next);
      if (next !== course && !found.has(key)) found.set(key, next);
    }
  return found;
}
const all = courses();

it('whatever happens in whatever order, who cancels is told one thing for ever, and it is true', () => {
  const ends = new Set([...all.values()].map(({ state }) => state?.schedule.status));
  expect([...ends].sort()).toEqual(['CANCELLED', 'CONFIRMED', 'REQUESTED', 'RESULT_POSTED', undefined]);
  for (const [story, { state, told, answers }] of all) {
    expect(answers.length, story).toBeLessThanOrEqual(1);
    if (answers[0] === 'DONE') expect(state?.schedule.status, story).toBe('CANCELLED');
    if (answers[0] === 'LESSON_RESULT_POSTED') expect(state?.schedule.status, story).toBe('RESULT_POSTED');
    expect(new Set(told).size, story).toBe(told.length);
    if (told.includes('PtScheduleCancelled')) expect(told.at(-1), story).toBe('PtScheduleCancelled');
  }
});

it('what is told twice changes nothing the second time', () => {
  for (const [story, course] of all)
    for (const [name, fact] of Object.entries(facts)) expect(fact(fact(course)), `${name} after ${story}`).toEqual(fact(course));
});
