import { describe, expect, it } from 'vitest';
import { describeConverging, shownAfter } from '../testing/converging.ts';
import { ACCOUNT, heard, instantOf, PAYMENT, RENTAL, story, TICKET } from '../testing/happenings.ts';
import { TICKET_STORIES } from '../testing/stories/tickets.ts';
import { ticketsView as view } from './tickets.ts';

describeConverging('a ticket that is', view, TICKET_STORIES);

describe('the row of a ticket', () => {
  it('keeps what was bought, and what was ridden with it', () => {
    expect(shownAfter(view, TICKET_STORIES['ridden with, and returned late'] ?? [])).toEqual({
      __typename: 'MyPageTicket',
      id: TICKET,
      accountId: ACCOUNT,
      type: 'ONE_HOUR',
      status: 'USED',
      amount: 36_000,
      usingMinutes: 60,
      purchasedAt: new Date(instantOf(1)),
      validUntil: new Date('2026-12-20T06:00:00Z'),
      paymentId: PAYMENT,
      paymentStatus: 'APPROVED',
      refunded: 0,
      rentalId: RENTAL,
      kickboardId: '01900000-0000-7000-8000-0000000a0001',
      kickboardSerial: 'MD-0001',
      rentedAt: new Date(instantOf(3)),
      dueAt: new Date('2026-11-20T07:00:00Z'),
      returnedAt: new Date(instantOf(4)),
      overdue: true,
      updatedAt: new Date(instantOf(4)),
    });
  });

  it.each([
    ['used, released and used again', { status: 'USED' }],
    ['used and released', { status: 'AVAILABLE', rentalId: null }],
    ['released when it had expired', { status: 'EXPIRED' }],
    ['voided by its refund', { status: 'VOIDED', paymentStatus: 'CANCELLED', refunded: 36_000 }],
    ['used when it was refunded', { status: 'USED', paymentStatus: 'CANCELLED', overdue: false }],
  ])('%s: %j', (name, expected) => {
    expect(shownAfter(view, TICKET_STORIES[name] ?? [])).toMatchObject(expected);
  });

  it('is used at once when it is rented with, whether tickets know or not', () => {
    const rented = (TICKET_STORIES['redeemed after the ride'] ?? []).slice(0, 3);
    expect(shownAfter(view, rented)).toMatchObject({ status: 'USED', rentalId: RENTAL });
    expect(heard(view, rented).told.map(({ status }) => status)).toEqual(['AVAILABLE', 'USED']);
  });

  it('is not fed by the payments of other services, nor shown for one that was given back', () => {
    expect(heard(view, story('PaymentApproved')).row).toBeNull();
    expect(shownAfter(view, TICKET_STORIES['never there, and given back'] ?? [])).toBeNull();
  });
});
