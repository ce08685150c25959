import { describe, expect, it } from 'vitest';
import { ACCOUNT, APPLICATION, arrivals, DELIVERY, type Happening, heard, instantOf, PAYMENT, STORIES, story } from '../testing/stories.ts';
import { textbookApplicationsView as view } from './textbook-applications.ts';

/** The row after the happenings in this order, and what its account was told. */
const after = (happenings: readonly Happening[]) => heard(view, happenings);

/** A source of numbers below 1 that is the same at every run. */
function* chance(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    yield state / 2 ** 32;
  }
}

function shuffled<T>(items: readonly T[], random: Generator<number, never>): T[] {
  const result = [...items];
  for (let at = result.length - 1; at > 0; at--) {
    const other = Math.floor(random.next().value * (at + 1));
    [result[at], result[other]] = [result[other] as T, result[at] as T];
  }
  return result;
}

describe.each(Object.entries(STORIES))('an application that is %s', (_, happenings) => {
  const { row: expected } = after(happenings);

  it('comes to the same row in every order that three streams allow', () => {
    let orders = 0;
    for (const order of arrivals(happenings)) {
      orders++;
      expect(after(order).row).toEqual(expected);
    }
    expect(orders).toBeGreaterThan(0);
  });

  it('comes to the same row even when nothing keeps its order, and everything comes twice', () => {
    const random = chance(42);
    for (let round = 0; round < 500; round++) expect(after(shuffled([...happenings, ...happenings], random)).row).toEqual(expected);
  });

  it('tells its account last what it came to', () => {
    for (const order of arrivals(happenings)) {
      const { row, told } = after(order);
      const seen = row && view.shown(row);
      if (seen)
        expect(told.at(-1)).toMatchObject({ accountId: ACCOUNT, rowId: APPLICATION, view: 'TEXTBOOK_APPLICATION', status: seen.status });
      else if (told.length > 0) expect(told.at(-1)).toMatchObject({ status: 'REMOVED' });
    }
  });
});

describe('the row of a textbook application', () => {
  const shown = (happenings: readonly Happening[]) => {
    const { row } = after(happenings);
    return row && view.shown(row);
  };

  it('keeps what was ordered, and where application, payment and delivery stand', () => {
    expect(
      shown(story('TextbookApplied', 'PaymentApproved', 'TextbookApplicationPaid', 'DeliveryStarted', 'TextbookApplicationDelivering')),
    ).toMatchObject({
      id: APPLICATION,
      accountId: ACCOUNT,
      bookTitle: '수학의 정석 기본편',
      quantity: 2,
      amount: 36_000,
      status: 'DELIVERING',
      paymentId: PAYMENT,
      paymentStatus: 'APPROVED',
      refunded: 0,
      deliveryId: DELIVERY,
      deliveryStatus: 'DELIVERING',
      appliedAt: new Date(instantOf(0)),
      paidAt: new Date(instantOf(2)),
      updatedAt: new Date(instantOf(4)),
    });
  });

  it.each([
    [
      'delivered, and then asked to be cancelled',
      { status: 'DELIVERED', paymentStatus: 'APPROVED', deliveryStatus: 'DELIVERED', cancellationRejectedReason: 'ALREADY_DELIVERED' },
    ],
    [
      'deferred, paid and cancelled on its way',
      { status: 'CANCELLED', paymentStatus: 'CANCELLED', refunded: 36_000, deliveryStatus: 'CANCELLED' },
    ],
    ['handed over while it was being cancelled', { status: 'DELIVERED', paymentStatus: 'APPROVED', deliveredAt: new Date(instantOf(6)) }],
    [
      'cancelled before it was paid',
      { status: 'CANCELLED', paymentStatus: 'CANCELLED', refunded: 0, deliveryStatus: 'CANCELLED', paidAt: null },
    ],
    ['declined', { status: 'REJECTED', paymentStatus: 'DECLINED', rejectionReason: 'INSUFFICIENT_FUNDS', deliveryId: null }],
    ['expired and given back', { status: 'EXPIRED', paymentStatus: 'CANCELLED', refunded: 36_000 }],
  ])('%s: %j', (name, expected) => {
    expect(shown(STORIES[name] ?? [])).toMatchObject(expected);
  });

  it('is not shown before its application is known', () => {
    expect(after(story('PaymentApproved', 'DeliveryStarted'))).toMatchObject({
      row: { paymentId: PAYMENT, deliveryId: DELIVERY },
      told: [],
    });
    expect(shown(story('PaymentApproved', 'DeliveryStarted'))).toBeNull();
  });

  it('goes when the customer was refused to their face', () => {
    const { row, told } = after(STORIES['refused to the customer’s face'] ?? []);
    expect(row && view.shown(row)).toBeNull();
    expect(told.map(({ status }) => status)).toEqual(['APPLIED', 'REMOVED']);
  });

  it('is never seen when the refusal is heard first', () => {
    expect(after([...(STORIES['refused to the customer’s face'] ?? [])].reverse()).told).toEqual([]);
  });

  it('is not fed by the payments of other services', () => {
    expect(after(story(['PaymentApproved', { context: 'reservations' }])).row).toBeNull();
  });

  it('tells nothing for what is known already', () => {
    const happenings = story('TextbookApplied', 'PaymentApproved', 'TextbookApplicationPaid');
    expect(after([...happenings, ...happenings]).told).toHaveLength(3);
  });
});
