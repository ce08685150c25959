import { describe, expect, it } from 'vitest';
import { describeConverging, shownAfter } from '../testing/converging.ts';
import { ACCOUNT, CLEANING, heard, instantOf, PAYMENT, RESERVATION, story } from '../testing/happenings.ts';
import { CLEANING_STORIES } from '../testing/stories/cleanings.ts';
import { cleaningReservationsView as view } from './cleaning-reservations.ts';

describeConverging('a cleaning reservation that is', view, CLEANING_STORIES);

describe('the row of a cleaning reservation', () => {
  it('keeps what was reserved, and where reservation, payment and cleaning stand', () => {
    expect(shownAfter(view, CLEANING_STORIES['confirmed, and cancelled'] ?? [])).toEqual({
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
    expect(shownAfter(view, CLEANING_STORIES[name] ?? [])).toMatchObject(expected);
  });

  it('is not shown for a payment that was given back without one', () => {
    expect(heard(view, CLEANING_STORIES['never reserved, and given back'] ?? [])).toMatchObject({
      row: { paymentStatus: 'CANCELLED' },
      told: [],
    });
    expect(shownAfter(view, CLEANING_STORIES['never reserved, and given back'] ?? [])).toBeNull();
  });

  it('is not fed by the payments of other services', () => {
    expect(heard(view, story('PaymentApproved')).row).toBeNull();
  });
});
