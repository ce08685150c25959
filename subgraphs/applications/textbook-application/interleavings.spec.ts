import { type Decide, service, user } from '@madang/kernel/domain';
import { describe, expect, it } from 'vitest';
import { TextbookApplied } from '../events.ts';
import type { PaymentOutcome } from './commands.ts';
import { decideCancel, decideDefer, decideExpire, decideFollowDelivery, decideSettlePayment, isToGiveBack } from './decide.ts';
import {
  type TextbookApplication,
  type TextbookApplicationChange,
  type TextbookApplicationStatus,
  textbookApplication,
} from './textbook-application.ts';

const id = '01936d5e-0000-7000-8000-0000000000a1';
const accountId = '01900000-0000-7000-8000-000000000001';
const now = new Date('2026-11-20T06:00:00Z');
const applied = TextbookApplied({
  applicationId: id,
  accountId,
  bookId: '01900000-0000-7000-8000-0000000b0001',
  title: '수학의 정석',
  quantity: 1,
  amount: 18_000,
  address: { recipient: '김하늘', phone: '010-1234-5678', postalCode: '04524', line1: '세종대로 110' },
  at: now.toISOString(),
});

/** What an application goes through: statuses, and what it owes to payments. */
interface Course {
  readonly state: TextbookApplication;
  readonly statuses: readonly TextbookApplicationStatus[];
  readonly givesBack: boolean;
}
type Fact = (course: Course) => Course;

function after(course: Course, events: readonly TextbookApplicationChange[]): Course {
  const statuses = [...course.statuses];
  let { state } = course;
  for (const event of events) {
    state = textbookApplication.evolve(state, event);
    if (event.unpublished) expect(state.status).toBe(statuses.at(-1));
    else statuses.push(state.status);
  }
  return { ...course, state, statuses };
}

const told =
  <Input>(
    decide: Decide<TextbookApplication, Input, TextbookApplicationChange>,
    input: Input,
    actor = service('applications') as Parameters<typeof decide>[2]['actor'],
    time = now,
  ): Fact =>
  (course) =>
    after(course, decide(course.state, input, { now: time, actor }));

const payment = (outcome: PaymentOutcome): Fact => {
  const settle = told(decideSettlePayment, { applicationId: id, outcome });
  return (course) => ({ ...settle(course), givesBack: course.givesBack || isToGiveBack(course.state, outcome) });
};
const delivery = (progress: 'STARTED' | 'COMPLETED') => told(decideFollowDelivery, { applicationId: id, deliveryId: 'd', progress });

const facts = {
  answerApproved: payment({ kind: 'APPROVED', paymentId: 'p' }),
  PaymentApproved: payment({ kind: 'APPROVED', paymentId: 'p' }),
  answerDeclined: payment({ kind: 'DECLINED', paymentId: 'p', reason: 'INSUFFICIENT_FUNDS' }),
  PaymentDeclined: payment({ kind: 'DECLINED', paymentId: 'p', reason: 'INSUFFICIENT_FUNDS' }),
  answerRefused: payment({ kind: 'REFUSED', reason: 'PAYMENT_METHOD_REQUIRED', told: true }),
  answerCancelled: payment({ kind: 'CANCELLED', paymentId: 'p' }),
  noAnswer: told(decideDefer, {}),
  aDayPasses: told(decideExpire, { payableForMs: 1_000 }, undefined, new Date(now.getTime() + 1_000)),
  cancelRequest: ((course) => {
    const refused = course.state.status === 'REJECTED' || course.state.status === 'EXPIRED';
    return refused ? course : told(decideCancel, { applicationId: id }, user(accountId, 'CUSTOMER'))(course);
  }) as Fact,
  PaymentCancelled: payment({ kind: 'CANCELLED', paymentId: 'p' }),
  DeliveryStarted: delivery('STARTED'),
  DeliveryCompleted: delivery('COMPLETED'),
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

const begin: Course = { state: textbookApplication.evolve(null, applied), statuses: ['APPLIED'], givesBack: false };
const run = (order: readonly Name[]): Course => order.reduce((course, name) => facts[name](course), begin);

const FINAL = new Set<TextbookApplicationStatus>(['DELIVERED', 'CANCELLED', 'REJECTED', 'EXPIRED']);
/** Which status may follow which; DELIVERED may follow itself, with the reason why it was not cancelled. */
const FOLLOWS: Record<TextbookApplicationStatus, readonly TextbookApplicationStatus[]> = {
  APPLIED: ['PAYMENT_DEFERRED', 'PAID', 'DELIVERING', 'DELIVERED', 'CANCELLING', 'CANCELLED', 'REJECTED', 'EXPIRED'],
  PAYMENT_DEFERRED: ['PAID', 'DELIVERING', 'DELIVERED', 'CANCELLING', 'CANCELLED', 'REJECTED', 'EXPIRED'],
  PAID: ['DELIVERING', 'DELIVERED', 'CANCELLING', 'CANCELLED'],
  DELIVERING: ['DELIVERED', 'CANCELLING', 'CANCELLED'],
  DELIVERED: ['DELIVERED'],
  CANCELLING: ['CANCELLED', 'DELIVERED'],
  CANCELLED: [],
  REJECTED: [],
  EXPIRED: [],
};

function isSound({ statuses, state }: Course, order: readonly Name[]): void {
  const steps = statuses.slice(1).map((status, at) => [statuses[at] as TextbookApplicationStatus, status] as const);
  for (const [from, to] of steps) if (!FOLLOWS[from].includes(to)) expect.fail(`${from} → ${to} after ${order.join(', ')}`);
  if (
    state.status === 'CANCELLED' &&
    !order.some((name) => ['PaymentCancelled', 'answerCancelled', 'answerDeclined', 'PaymentDeclined'].includes(name))
  )
    expect.fail(`cancelled although payments did not: ${order.join(', ')}`);
}

/** What can happen together in the world, and what only after something else. */
const worlds: Record<string, { facts: Name[]; before?: Before[]; ends: TextbookApplicationStatus[] }> = {
  'paid and delivered': {
    facts: ['noAnswer', 'answerApproved', 'PaymentApproved', 'DeliveryStarted', 'DeliveryCompleted'],
    before: [['DeliveryStarted', 'DeliveryCompleted']],
    ends: ['DELIVERED'],
  },
  declined: { facts: ['noAnswer', 'answerDeclined', 'PaymentDeclined', 'aDayPasses'], ends: ['REJECTED', 'EXPIRED'] },
  'declined, cancellation asked for': {
    facts: ['noAnswer', 'answerDeclined', 'PaymentDeclined', 'cancelRequest'],
    ends: ['REJECTED', 'CANCELLED'],
  },
  'no payment method': {
    facts: ['noAnswer', 'answerRefused', 'cancelRequest', 'PaymentCancelled'],
    before: [['cancelRequest', 'PaymentCancelled']],
    ends: ['REJECTED', 'CANCELLED'],
  },
  'cancelled before it was paid': {
    facts: ['noAnswer', 'cancelRequest', 'answerCancelled', 'PaymentCancelled', 'aDayPasses'],
    before: [
      ['cancelRequest', 'answerCancelled'],
      ['cancelRequest', 'PaymentCancelled'],
    ],
    ends: ['CANCELLED', 'EXPIRED'],
  },
  'paid, then cancelled, while the delivery starts': {
    facts: ['noAnswer', 'answerApproved', 'PaymentApproved', 'cancelRequest', 'PaymentCancelled', 'DeliveryStarted'],
    before: [['cancelRequest', 'PaymentCancelled']],
    ends: ['CANCELLED'],
  },
  'handed over while it is being cancelled': {
    facts: ['noAnswer', 'answerApproved', 'PaymentApproved', 'cancelRequest', 'DeliveryStarted', 'DeliveryCompleted'],
    before: [['DeliveryStarted', 'DeliveryCompleted']],
    ends: ['DELIVERED'],
  },
  'approved when it had expired': {
    facts: ['noAnswer', 'aDayPasses', 'PaymentApproved', 'PaymentCancelled'],
    before: [
      ['aDayPasses', 'PaymentApproved'],
      ['aDayPasses', 'PaymentCancelled'],
    ],
    ends: ['EXPIRED'],
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

describe('whatever payments and deliveries say', () => {
  const any: Name[] = [
    'noAnswer',
    'PaymentApproved',
    'PaymentDeclined',
    'cancelRequest',
    'PaymentCancelled',
    'DeliveryStarted',
    'DeliveryCompleted',
    'aDayPasses',
  ];

  it(`is a sound course that ends, in all orders of ${any.length} facts`, () => {
    let count = 0;
    for (const order of orders(any, [])) {
      const course = run(order);
      isSound(course, order);
      if (!FINAL.has(course.state.status)) expect.fail(`${course.state.status} after ${order.join(', ')}`);
      count++;
    }
    expect(count).toBe(40_320);
  });

  it('pays back what is approved after the end, and only that', () => {
    for (const order of orders(any, [])) {
      const { statuses, givesBack } = run(order);
      const until = run(order.slice(0, order.indexOf('PaymentApproved'))).state.status;
      if (givesBack !== (until === 'REJECTED' || until === 'EXPIRED')) expect.fail(`${statuses.join(' → ')} after ${order.join(', ')}`);
    }
  });
});
