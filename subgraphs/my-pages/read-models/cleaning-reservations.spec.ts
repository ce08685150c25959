import { describe, expect, it } from 'vitest';
import {
  ACCOUNT,
  arrivals,
  CLEANING,
  CLEANING_STORIES,
  type Happening,
  heard,
  instantOf,
  PAYMENT,
  RESERVATION,
  story,
} from '../testing/stories.ts';
import { cleaningReservationsView as view } from './cleaning-reservations.ts';

const after = (happenings: readonly Happening[]) => heard(view, happenings);
const shown = (happenings: readonly Happening[]) => {
  const { row } = after(happenings);
  return row && view.shown(row);
};

describe.each(Object.entries(CLEANING_STORIES))('a cleaning reservation that is %s', (_, happenings) => {
  const { row: expected } = after(happenings);

  it('comes to the same row in every order that three streams allow, and when everything comes twice', () => {
    let orders = 0;
    for (const order of arrivals(happenings)) {
      orders++;
      expect(after(order).row).toEqual(expected);
      if (orders % 7 === 0) expect(after([...order.toReversed(), ...order]).row).toEqual(expected);
    }
    expect(orders).toBeGreaterThan(0);
  });

  it('tells its account last what it came to', () => {
    for (const order of arrivals(happenings)) {
      const { row, told } = after(order);
      const seen = row && view.shown(row);
      if (seen)
        expect(told.at(-1)).toMatchObject({ accountId: ACCOUNT, rowId: RESERVATION, view: 'CLEANING_RESERVATION', status: seen.status });
      else expect(told).toEqual([]);
    }
  });
});

describe('the row of a cleaning reservation', () => {
  it('keeps what was reserved, and where reservation, payment and cleaning stand', () => {
    expect(shown(CLEANING_STORIES['confirmed, and cancelled'] ?? [])).toEqual({
      __typename: 'MyPageCleaningReservation',
      id: RESERVATION,
      accountId: ACCOUNT,
      title: '수학의 정석 기본편',
      minutes: 120,
      amount: 36_000,
      place: '서울특별시 마포구 월드컵북로 1, 302호',
      cleaningAt: new Date('2026-11-25T01:00:00Z'),
      status: 'CANCELLED',
      cancellationRejectedReason: null,
      cancellationRejectedAt: null,
      paymentId: PAYMENT,
      paymentStatus: 'CANCELLED',
      refunded: 36_000,
      cleaningId: CLEANING,
      cleaningStatus: 'CANCELLED',
      reservedAt: new Date(instantOf(1)),
      confirmedAt: new Date(instantOf(4)),
      doneAt: null,
      cancelledAt: new Date(instantOf(9)),
      updatedAt: new Date(instantOf(9)),
    });
  });

  it.each([
    [
      'cleaned, and then asked to be cancelled',
      { status: 'DONE', cleaningStatus: 'DONE', paymentStatus: 'APPROVED', cancellationRejectedReason: 'ALREADY_DONE' },
    ],
    ['cancelled before it was requested', { status: 'CANCELLED', cleaningStatus: 'CANCELLED', refunded: 36_000, confirmedAt: null }],
    ['cleaned while it was being cancelled', { status: 'DONE', doneAt: new Date(instantOf(5)), paymentStatus: 'APPROVED' }],
  ])('%s: %j', (name, expected) => {
    expect(shown(CLEANING_STORIES[name] ?? [])).toMatchObject(expected);
  });

  it('is not shown for a payment that was given back without one', () => {
    expect(after(CLEANING_STORIES['never reserved, and given back'] ?? [])).toMatchObject({
      row: { paymentStatus: 'CANCELLED' },
      told: [],
    });
    expect(shown(CLEANING_STORIES['never reserved, and given back'] ?? [])).toBeNull();
  });

  it('is not fed by the payments of other services', () => {
    expect(after(story('PaymentApproved')).row).toBeNull();
  });
});
