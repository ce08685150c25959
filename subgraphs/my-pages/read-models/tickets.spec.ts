import { describe, expect, it } from 'vitest';
import { ACCOUNT, arrivals, type Happening, heard, instantOf, PAYMENT, RENTAL, story, TICKET, TICKET_STORIES } from '../testing/stories.ts';
import { ticketsView as view } from './tickets.ts';

const after = (happenings: readonly Happening[]) => heard(view, happenings);
const shown = (happenings: readonly Happening[]) => {
  const { row } = after(happenings);
  return row && view.shown(row);
};

describe.each(Object.entries(TICKET_STORIES))('a ticket that is %s', (_, happenings) => {
  const { row: expected } = after(happenings);

  it('comes to the same row in every order that three streams allow, and when nothing keeps its order and everything comes twice', () => {
    let orders = 0;
    for (const order of arrivals(happenings)) {
      orders++;
      expect(after(order).row).toEqual(expected);
      expect(after([...order.toReversed(), ...order]).row).toEqual(expected);
    }
    expect(orders).toBeGreaterThan(0);
  });

  it('tells its account last what it came to', () => {
    for (const order of arrivals(happenings)) {
      const { row, told } = after(order);
      const seen = row && view.shown(row);
      if (seen) expect(told.at(-1)).toMatchObject({ accountId: ACCOUNT, rowId: TICKET, view: 'TICKET', status: seen.status });
      else expect(told).toEqual([]);
    }
  });
});

describe('the row of a ticket', () => {
  it('keeps what was bought, and what was ridden with it', () => {
    expect(shown(TICKET_STORIES['ridden with, and returned late'] ?? [])).toEqual({
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
    expect(shown(TICKET_STORIES[name] ?? [])).toMatchObject(expected);
  });

  it('is used at once when it is rented with, whether tickets know or not', () => {
    const rented = (TICKET_STORIES['redeemed after the ride'] ?? []).slice(0, 3);
    expect(shown(rented)).toMatchObject({ status: 'USED', rentalId: RENTAL });
    expect(after(rented).told.map(({ status }) => status)).toEqual(['AVAILABLE', 'USED']);
  });

  it('is not fed by the payments of other services, nor shown for one that was given back', () => {
    expect(after(story('PaymentApproved')).row).toBeNull();
    expect(shown(TICKET_STORIES['never there, and given back'] ?? [])).toBeNull();
  });
});
