import { type Actor, type Decide, fold, service, user } from '@madang/kernel/domain';
import { describe, expect, it } from 'vitest';
import { PtOrdered } from '../events.ts';
import { decideCancel, decideFollow } from './decide.ts';
import { type PtOrder, type PtOrderChange, type PtOrderStatus, ptOrder } from './pt-order.ts';

const orderId = '01936d5e-0000-7000-8000-000000000301';
const accountId = '01900000-0000-7000-8000-000000000001';
const now = new Date('2026-11-20T06:00:00Z');
const [example] = PtOrdered.examples;
const ordered = PtOrdered({ ...(example as Parameters<typeof PtOrdered>[0]), orderId, accountId });
const lesson = { trainerId: 't', scheduleId: 's', lessonAt: '2026-11-25T01:00:00.000Z' };

/** What an order goes through: its statuses, and what it has told. */
interface Course {
  readonly state: PtOrder;
  readonly statuses: readonly PtOrderStatus[];
  readonly published: readonly string[];
}
type Fact = (course: Course) => Course;

const told =
  <Input>(decide: Decide<PtOrder, Input, PtOrderChange>, input: Input, actor: Actor = service('pt-orders')): Fact =>
  (course) => {
    const events = decide(course.state, input, { now, actor });
    const published = events.filter((event) => !('unpublished' in event)).map(({ name }) => name);
    const state = fold(ptOrder, course.state, events) as PtOrder;
    if (published.length === 0) expect(state.status).toBe(course.state.status);
    return {
      state,
      statuses: published.length > 0 ? [...course.statuses, state.status] : course.statuses,
      published: [...course.published, ...published],
    };
  };

const facts = {
  PtOrderAccepted: told(decideFollow, { orderId, progress: 'ACCEPTED', assignmentId: 'a' }),
  TrainerAssigned: told(decideFollow, { orderId, progress: 'TRAINER_ASSIGNED', trainerId: 't' }),
  PtAssignmentConfirmed: told(decideFollow, { orderId, progress: 'CONFIRMED', ...lesson }),
  LessonResultPosted: told(decideFollow, { orderId, progress: 'RESULT_POSTED', ...lesson }),
  cancelRequest: told(decideCancel, { orderId }, user(accountId, 'CUSTOMER')),
  PtAssignmentCancelled: told(decideFollow, { orderId, progress: 'CANCELLED' }),
  PtAssignmentCancelRefused: told(decideFollow, { orderId, progress: 'CANCEL_REFUSED', reason: 'LESSON_RESULT_POSTED' }),
};
type Name = keyof typeof facts;
type Before = readonly [Name, Name];

/** Every order of the facts that respects what can only follow from something else. */
function* orders(names: readonly Name[], before: readonly Before[] = [], sofar: readonly Name[] = []): Generator<readonly Name[]> {
  if (names.length === 0) yield sofar;
  for (const name of names) {
    if (before.some(([first, then]) => then === name && names.includes(first))) continue;
    yield* orders(
      names.filter((other) => other !== name),
      before,
      [...sofar, name],
    );
  }
}

const begin: Course = { state: ptOrder.evolve(null, ordered), statuses: ['ORDERED'], published: [] };
const run = (order: readonly Name[]): Course => order.reduce((course, name) => facts[name](course), begin);

/** Which status may follow which; COMPLETED may follow itself, with the reason why it was not cancelled. */
const FOLLOWS: Record<PtOrderStatus, readonly PtOrderStatus[]> = {
  ORDERED: ['ACCEPTED', 'CONFIRMED', 'COMPLETED', 'CANCELLING'],
  ACCEPTED: ['CONFIRMED', 'COMPLETED', 'CANCELLING'],
  CONFIRMED: ['COMPLETED', 'CANCELLING'],
  COMPLETED: ['COMPLETED'],
  CANCELLING: ['CANCELLED', 'COMPLETED'],
  CANCELLED: [],
};

function isSound({ statuses, published, state }: Course, order: readonly Name[]): void {
  const steps = statuses.slice(1).map((status, at) => [statuses[at] as PtOrderStatus, status] as const);
  for (const [from, to] of steps) if (!FOLLOWS[from].includes(to)) expect.fail(`${from} → ${to} after ${order.join(', ')}`);
  if (new Set(published).size !== published.length) expect.fail(`told twice after ${order.join(', ')}: ${published.join(', ')}`);
  if (state.status === 'CANCELLED' && !order.includes('PtAssignmentCancelled')) expect.fail(`cancelled, and not free: ${order.join(', ')}`);
}

/** Facts of one stream and one key come in their order; those of pt-trainers, and the customer, come whenever they like. */
const MANAGERS: Name[] = ['PtOrderAccepted', 'TrainerAssigned', 'PtAssignmentConfirmed'];
/** What can happen together in the world, and what only after something else. */
const worlds: Record<string, { facts: Name[]; before?: Before[]; ends: PtOrderStatus; knowsLesson: boolean }> = {
  'taught and completed': { facts: [...MANAGERS, 'LessonResultPosted'], ends: 'COMPLETED', knowsLesson: true },
  'cancelled before anybody took it in': {
    facts: ['cancelRequest', 'PtAssignmentCancelled'],
    before: [['cancelRequest', 'PtAssignmentCancelled']],
    ends: 'CANCELLED',
    knowsLesson: false,
  },
  'cancelled when a trainer was assigned': {
    facts: ['PtOrderAccepted', 'TrainerAssigned', 'cancelRequest', 'PtAssignmentCancelled'],
    before: [['cancelRequest', 'PtAssignmentCancelled']],
    ends: 'CANCELLED',
    knowsLesson: false,
  },
  'cancelled when the lesson was confirmed': {
    facts: [...MANAGERS, 'cancelRequest', 'PtAssignmentCancelled'],
    before: [['cancelRequest', 'PtAssignmentCancelled']],
    ends: 'CANCELLED',
    knowsLesson: true,
  },
  'taught while it is being cancelled': {
    facts: [...MANAGERS, 'cancelRequest', 'LessonResultPosted', 'PtAssignmentCancelRefused'],
    before: [['cancelRequest', 'PtAssignmentCancelRefused']],
    ends: 'COMPLETED',
    knowsLesson: true,
  },
};

describe.each(Object.entries(worlds))('%s', (_, { facts: names, before = [], ends, knowsLesson }) => {
  const all = [...orders(names, before)];
  const known = {
    trainerId: names.includes('TrainerAssigned') ? 't' : null,
    lesson: knowsLesson ? { scheduleId: 's', lessonAt: new Date(lesson.lessonAt) } : null,
  };

  it(`ends as ${ends} in any order of the facts, and knows the same`, () => {
    for (const order of all) {
      const course = run(order);
      isSound(course, order);
      expect(course.state, order.join(', ')).toMatchObject({ status: ends, ...known });
    }
  });

  it('ends the same when every fact is told twice', () => {
    for (const order of all) {
      const twice = order.flatMap((name) => [name, name]);
      isSound(run(twice), twice);
      expect(run([...twice, ...order]).state, order.join(', ')).toMatchObject({ status: ends, ...known });
    }
  });
});

describe('whatever managers and trainers say', () => {
  it('is a sound course in all orders of the facts, and a request to cancel is decided once at most', () => {
    let count = 0;
    for (const order of orders(Object.keys(facts) as Name[])) {
      const course = run(order);
      isSound(course, order);
      const decided: string[] = course.published.filter((name) => name === 'PtOrderCancelled' || name === 'PtCancellationRejected');
      if (decided.length > 1) expect.fail(`${course.published.join(', ')} after ${order.join(', ')}`);
      count++;
    }
    expect(count).toBe(5_040);
  });
});
