import { describe, expect, it } from 'vitest';
import { describeConverging, shownAfter } from '../testing/converging.ts';
import { ACCOUNT, APPLICATION, DELIVERY, heard, instantOf, PAYMENT, story } from '../testing/happenings.ts';
import { TEXTBOOK_STORIES } from '../testing/stories/textbooks.ts';
import { textbookApplicationsView as view } from './textbook-applications.ts';

describeConverging('an application that is', view, TEXTBOOK_STORIES);

describe('the row of a textbook application', () => {
  it('keeps what was ordered, and where application, payment and delivery stand', () => {
    expect(
      shownAfter(
        view,
        story('TextbookApplied', 'PaymentApproved', 'TextbookApplicationPaid', 'DeliveryStarted', 'TextbookApplicationDelivering'),
      ),
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
    expect(shownAfter(view, TEXTBOOK_STORIES[name] ?? [])).toMatchObject(expected);
  });

  it('is not shown before its application is known', () => {
    expect(heard(view, story('PaymentApproved', 'DeliveryStarted'))).toMatchObject({
      row: { paymentId: PAYMENT, deliveryId: DELIVERY },
      told: [],
    });
    expect(shownAfter(view, story('PaymentApproved', 'DeliveryStarted'))).toBeNull();
  });

  it('goes when the customer was refused to their face', () => {
    const { row, told } = heard(view, TEXTBOOK_STORIES['refused to the customer’s face'] ?? []);
    expect(row && view.shown(row)).toBeNull();
    expect(told.map(({ status }) => status)).toEqual(['APPLIED', 'REMOVED']);
  });

  it('is never seen when the refusal is heard first', () => {
    expect(heard(view, [...(TEXTBOOK_STORIES['refused to the customer’s face'] ?? [])].reverse()).told).toEqual([]);
  });

  it('is not fed by the payments of other services', () => {
    expect(heard(view, story(['PaymentApproved', { context: 'reservations' }])).row).toBeNull();
  });

  it('tells nothing for what is known already', () => {
    const happenings = story('TextbookApplied', 'PaymentApproved', 'TextbookApplicationPaid');
    expect(heard(view, [...happenings, ...happenings]).told).toHaveLength(3);
  });
});
