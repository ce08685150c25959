import { type Decide, service, user } from '@madang/kernel/domain';
import { describe, expect, it } from 'vitest';
import {
  type CleaningReservation,
  type CleaningReservationChange,
  cleaningReservation,
  isShown,
  reservationBegun,
} from './cleaning-reservation.ts';
import { decideCancel, decideDrop, decideFollowCleaning, decideSettlePayment, isToGiveBack } from './decide.ts';

const id = '01936d5e-0000-7000-8000-0000000000e1';
const accountId = '01900000-0000-7000-8000-000000000001';
const now = new Date('2026-11-20T06:00:00Z');
const begun = reservationBegun({
  id,
  accountId,
  planId: '01900000-0000-7000-8000-0000000d0001',
  title: '원룸 청소',
  minutes: 120,
  amount: 49_000,
  place: '월드컵북로 1',
  cleaningAt: new Date('2026-11-25T01:00:00Z'),
  at: now.toISOString(),
});

type Status = CleaningReservation['status'];

/** What a reservation goes through: statuses, and what it owes to payments. */
interface Course {
  readonly state: CleaningReservation;
  readonly statuses: readonly Status[];
  readonly givesBack: boolean;
}
type Fact = (course: Course) => Course;

const told =
  <Input>(
    decide: Decide<CleaningReservation, Input, CleaningReservationChange>,
    input: Input,
    actor = service('reservations') as Actor,
  ): Fact =>
  (course) => {
    const events = decide(course.state, input, { now, actor });
    const state = events.reduce<CleaningReservation>((before, event) => cleaningReservation.evolve(before, event), course.state);
    return { ...course, state, statuses: events.length > 0 ? [...course.statuses, state.status] : course.statuses };
  };
type Actor = Parameters<typeof decideCancel>[2]['actor'];

const payment = (outcome: 'APPROVED' | 'CANCELLED'): Fact => {
  const settle = told(decideSettlePayment, { reservationId: id, paymentId: 'p', outcome });
  return (course) => ({ ...settle(course), givesBack: course.givesBack || isToGiveBack(course.state, outcome) });
};
const dropping = told(decideDrop, {});

const facts = {
  answerApproved: payment('APPROVED'),
  PaymentApproved: payment('APPROVED'),
  noAnswer: ((course) => {
    const after = dropping(course);
    return { ...after, givesBack: course.givesBack || after.state.status === 'DROPPED' };
  }) as Fact,
  answerDeclined: dropping,
  cancelRequest: ((course) =>
    isShown(course.state) ? told(decideCancel, { reservationId: id }, user(accountId, 'CUSTOMER'))(course) : course) as Fact,
  CleaningConfirmed: told(decideFollowCleaning, { reservationId: id, progress: 'CONFIRMED' }),
  CleaningCompleted: told(decideFollowCleaning, { reservationId: id, progress: 'DONE' }),
  CleaningCancelRefused: told(decideFollowCleaning, { reservationId: id, progress: 'CANCEL_REFUSED', reason: 'ALREADY_DONE' }),
  PaymentCancelled: payment('CANCELLED'),
};
type Name = keyof typeof facts;
type Before = readonly [Name, Name];

/** Every order of the facts that respects what can only follow from something else. */
function* orders(names: readonly Name[], before: readonly Before[], sofar: readonly Name[] = []): Generator<readonly Name[]> {
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

const begin: Course = { state: cleaningReservation.evolve(null, begun), statuses: ['PENDING'], givesBack: false };
const run = (order: readonly Name[]): Course => order.reduce((course, name) => facts[name](course), begin);

/** Which status may follow which; DONE may follow itself, with the reason why it was not cancelled. */
const FOLLOWS: Record<Status, readonly Status[]> = {
  PENDING: ['RESERVED', 'DROPPED'],
  RESERVED: ['CONFIRMED', 'DONE', 'CANCELLING'],
  CONFIRMED: ['DONE', 'CANCELLING'],
  DONE: ['DONE'],
  CANCELLING: ['CANCELLED', 'DONE'],
  CANCELLED: [],
  DROPPED: [],
};

function isSound({ statuses, state }: Course, order: readonly Name[]): void {
  const steps = statuses.slice(1).map((status, at) => [statuses[at] as Status, status] as const);
  for (const [from, to] of steps) if (!FOLLOWS[from].includes(to)) expect.fail(`${from} → ${to} after ${order.join(', ')}`);
  if (state.status === 'CANCELLED' && !order.includes('PaymentCancelled')) expect.fail(`cancelled, not given back: ${order.join(', ')}`);
}

const AFTER_PAYING: Before[] = [
  ['answerApproved', 'CleaningConfirmed'],
  ['answerApproved', 'cancelRequest'],
];
/** What can happen together in the world, and what only after something else. */
const worlds: Record<string, { facts: Name[]; before?: Before[]; ends: Status[] }> = {
  'paid and cleaned': {
    facts: ['answerApproved', 'PaymentApproved', 'CleaningConfirmed', 'CleaningCompleted'],
    before: [...AFTER_PAYING, ['CleaningConfirmed', 'CleaningCompleted']],
    ends: ['DONE'],
  },
  declined: { facts: ['answerDeclined', 'noAnswer'], ends: ['DROPPED'] },
  'paid, and nobody learns of it in time': { facts: ['noAnswer', 'PaymentApproved'], ends: ['DROPPED', 'RESERVED'] },
  'not answered, and given back': {
    facts: ['noAnswer', 'PaymentApproved', 'PaymentCancelled'],
    before: [
      ['noAnswer', 'PaymentApproved'],
      ['noAnswer', 'PaymentCancelled'],
    ],
    ends: ['DROPPED'],
  },
  'cancelled, confirmed or not': {
    facts: ['answerApproved', 'PaymentApproved', 'CleaningConfirmed', 'cancelRequest', 'PaymentCancelled'],
    before: [...AFTER_PAYING, ['cancelRequest', 'PaymentCancelled']],
    ends: ['CANCELLED'],
  },
  'cleaned while it is being cancelled': {
    facts: ['answerApproved', 'CleaningConfirmed', 'cancelRequest', 'CleaningCompleted', 'CleaningCancelRefused'],
    before: [
      ...AFTER_PAYING,
      ['CleaningConfirmed', 'CleaningCompleted'],
      ['CleaningCompleted', 'CleaningCancelRefused'],
      ['cancelRequest', 'CleaningCancelRefused'],
    ],
    ends: ['DONE'],
  },
};

describe.each(Object.entries(worlds))('%s', (_, { facts: names, before = [], ends }) => {
  const all = [...orders(names, before)];

  it(`ends as ${ends.join(' or ')} in any order of the facts`, () => {
    expect(all.length).toBeGreaterThan(1);
    for (const order of all) {
      const course = run(order);
      isSound(course, order);
      if (!ends.includes(course.state.status)) expect.fail(`${course.state.status} after ${order.join(', ')}`);
    }
  });

  it('ends the same when every fact is told twice', () => {
    for (const order of all) {
      const twice = order.flatMap((name) => [name, name]);
      isSound(run(twice), twice);
      expect(run([...twice, ...order]).state.status, order.join(', ')).toBe(run(order).state.status);
    }
  });
});

describe('whatever payments and cleanings say', () => {
  const any = Object.keys(facts).filter((name) => name !== 'answerApproved') as Name[];

  it('is a sound course, in all orders of the facts, and what was charged for nothing is owed back', () => {
    let count = 0;
    for (const order of orders(any, [])) {
      const course = run(order);
      isSound(course, order);
      if (course.state.status === 'PENDING') expect.fail(`PENDING after ${order.join(', ')}`);
      if (course.givesBack !== (course.state.status === 'DROPPED')) expect.fail(`${course.statuses.join(' → ')} after ${order.join(', ')}`);
      count++;
    }
    expect(count).toBe(40_320);
  });
});
