import { anonymous, service, user } from '@madang/kernel/domain';
import { given } from '@madang/kernel/testing';
import { describe, expect, it } from 'vitest';
import { purchaseTicket } from './commands.ts';
import { decideAbandon, decideExpire, decideFollowPayment, decideOrder, decidePurchase, decideRedeem, decideRelease } from './decide.ts';
import { TicketExpired, TicketPurchased, TicketReleased, TicketUsed, TicketVoided } from './events.ts';
import { phoneOf } from './read-models/tickets.ts';
import { paymentCancelledOfTicket, purchaseAbandoned, rentalReleased, ticket, ticketOrdered } from './ticket.ts';

const ticketId = '01936d5e-0000-7000-8000-000000000f01';
const accountId = '01900000-0000-7000-8000-000000000001';
const now = new Date('2026-11-20T06:00:00Z');
const later = new Date('2026-11-20T09:00:00Z');
const end = new Date('2026-12-20T06:00:00Z');
const of = (revision: number, at = later) => ({ ticketId, accountId, revision, at: at.toISOString() });

const order = { type: 'ONE_HOUR', phone: '01012345678' } as const;
const ordered = ticketOrdered({ id: ticketId, accountId, ...order, amount: 1_000, usingMinutes: 60, orderedAt: now });
const bought = { type: 'ONE_HOUR', amount: 1_000, usingMinutes: 60, validUntil: end.toISOString(), paymentId: 'p' } as const;
const purchased = TicketPurchased({ ...of(1, now), ...bought });
const used = TicketUsed({ ...of(2), rentalId: 'r' });
const released = TicketReleased({ ...of(3), rentalId: 'r' });
const voided = TicketVoided(of(2));
const expired = TicketExpired(of(2, end));

const kickboards = { actor: service('kickboards'), now: later };
const redeem = (rentalId = 'r', rentedAt = later) => ({ accountId, ticketId, rentalId, rentedAt });
const release = (rentalId = 'r') => ({ accountId, ticketId, rentalId });

describe('buying', () => {
  it('costs what the type costs', () => {
    const buyer = { actor: user(accountId, 'CUSTOMER'), now };
    given(ticket, [])
      .when(decideOrder, { ...order, ticketId }, buyer)
      .then(ordered);
    const day = ticketOrdered({ id: ticketId, accountId, ...order, type: 'ONE_DAY', amount: 2_000, usingMinutes: 1_440, orderedAt: now });
    given(ticket, [])
      .when(decideOrder, { ...order, type: 'ONE_DAY' as const, ticketId }, buyer)
      .then(day);
    given(ticket, [])
      .when(decideOrder, { ...order, ticketId }, { actor: anonymous })
      .thenRefused('UNAUTHENTICATED');
  });

  it('is a ticket for thirty days once it is paid, and once', () => {
    given(ticket, [ordered]).when(decidePurchase, { paymentId: 'p' }, { now }).then(purchased);
    given(ticket, [ordered, purchased]).when(decidePurchase, { paymentId: 'p' }, { now }).thenNothing();
  });

  it('is no ticket when it was given up, and no giving up when it was paid', () => {
    given(ticket, [ordered]).when(decideAbandon, {}).then(purchaseAbandoned({}));
    given(ticket, [ordered, purchased]).when(decideAbandon, {}).thenNothing();
    given(ticket, []).when(decidePurchase, { paymentId: 'p' }).thenRefused('TRY_AGAIN_LATER');
    given(ticket, []).when(decideAbandon, {}).thenRefused('TRY_AGAIN_LATER');
  });

  it.each(['010-1234-5678', '01012345678', ' 011-123-4567 '])('takes the telephone number %s', (phone) => {
    expect(purchaseTicket.parse({ type: 'ONE_DAY', phone }).phone).toMatch(/^01\d{8,9}$/);
  });

  it.each(['02-123-4567', '010-1234', '', 'call me'])('refuses the telephone number "%s" without repeating it', (phone) => {
    expect(() => purchaseTicket.parse({ type: 'ONE_DAY', phone })).toThrow(/^phone: must be a Korean mobile telephone number$/);
  });

  it('shows the telephone number in full to its owner only', () => {
    const row = { accountId, phone: '01012345678' };
    expect(phoneOf(row, user(accountId))).toBe('01012345678');
    for (const actor of [user('another', 'ADMIN'), service('kickboards')]) expect(phoneOf(row, actor)).toBe('010****5678');
    expect(phoneOf({ accountId, phone: '0111234567' }, service('x'))).toBe('011***4567');
  });
});

describe('redeeming', () => {
  it('is for one rental', () => {
    given(ticket, [ordered, purchased]).when(decideRedeem, redeem(), kickboards).then(used);
    given(ticket, [ordered, purchased, used]).when(decideRedeem, redeem(), kickboards).thenNothing();
    given(ticket, [ordered, purchased, used]).when(decideRedeem, redeem('other'), kickboards).thenRefused('TICKET_USED');
  });

  it('is refused for what is not paid, not theirs or void, and to anybody but another context', () => {
    given(ticket, []).when(decideRedeem, redeem(), kickboards).thenRefused('TICKET_NOT_FOUND');
    given(ticket, [ordered]).when(decideRedeem, redeem(), kickboards).thenRefused('TICKET_NOT_FOUND');
    given(ticket, [ordered, purchased])
      .when(decideRedeem, { ...redeem(), accountId: 'other' }, kickboards)
      .thenRefused('TICKET_NOT_FOUND');
    given(ticket, [ordered, purchased, voided]).when(decideRedeem, redeem(), kickboards).thenRefused('TICKET_VOIDED');
    given(ticket, [ordered, purchased])
      .when(decideRedeem, redeem(), { actor: user(accountId) })
      .thenRefused('FORBIDDEN');
  });

  it('depends on when the rental began, not on when it is told', () => {
    const afterwards = { ...kickboards, now: new Date(end.getTime() + 60_000) };
    const justInTime = redeem('r', new Date(end.getTime() - 1));
    given(ticket, [ordered, purchased]).when(decideRedeem, redeem('r', end), afterwards).thenRefused('TICKET_EXPIRED');
    given(ticket, [ordered, purchased, expired])
      .when(decideRedeem, justInTime, afterwards)
      .then(TicketUsed({ ...of(3, afterwards.now), rentalId: 'r' }));
    given(ticket, [ordered, purchased, expired]).when(decideRedeem, redeem('r', end), afterwards).thenRefused('TICKET_EXPIRED');
    const ahead = redeem('r', new Date(end.getTime() + 3_600_000));
    given(ticket, [ordered, purchased]).when(decideRedeem, ahead, kickboards).then(used);
  });
});

describe('releasing', () => {
  it('is for good', () => {
    given(ticket, [ordered, purchased, used]).when(decideRelease, release(), kickboards).then(released);
    const again = given(ticket, [ordered, purchased, used, released]);
    again.when(decideRelease, release(), kickboards).thenNothing();
    again.when(decideRedeem, redeem(), kickboards).thenRefused('RENTAL_RELEASED');
    again.when(decideRedeem, redeem('next'), kickboards).then(TicketUsed({ ...of(4), rentalId: 'next' }));
  });

  it('may overtake the redeeming, and touches no other rental', () => {
    given(ticket, [ordered, purchased])
      .when(decideRelease, release(), kickboards)
      .then(rentalReleased({ rentalId: 'r' }));
    given(ticket, [ordered, purchased, rentalReleased({ rentalId: 'r' })])
      .when(decideRedeem, redeem(), kickboards)
      .thenRefused('RENTAL_RELEASED');
    given(ticket, [ordered, purchased, used])
      .when(decideRelease, release('late'), kickboards)
      .then(rentalReleased({ rentalId: 'late' }));
  });

  it('of what is void or over meanwhile leaves it so', () => {
    given(ticket, [ordered, purchased, used, paymentCancelledOfTicket({})])
      .when(decideRelease, release(), kickboards)
      .then(released, TicketVoided(of(4)));
    given(ticket, [ordered, purchased, used])
      .when(decideRelease, release(), { ...kickboards, now: end })
      .then(TicketReleased({ ...of(3, end), rentalId: 'r' }), TicketExpired(of(4, end)));
    given(ticket, []).when(decideRelease, release(), kickboards).thenRefused('TICKET_NOT_FOUND');
  });
});

describe('time and money', () => {
  it('expires what nothing was rented with, when its time is over', () => {
    given(ticket, [ordered, purchased]).when(decideExpire, {}, { now: end }).then(expired);
    given(ticket, [ordered, purchased])
      .when(decideExpire, {}, { now: new Date(end.getTime() - 1) })
      .thenNothing();
    given(ticket, [ordered, purchased, used]).when(decideExpire, {}, { now: end }).thenNothing();
    given(ticket, [ordered]).when(decideExpire, {}, { now: end }).thenNothing();
  });

  it('voids what is not used when its payment is cancelled; what is used stays, with a mark', () => {
    given(ticket, [ordered, purchased]).when(decideFollowPayment, {}, { now: later }).then(voided);
    given(ticket, [ordered, purchased, voided]).when(decideFollowPayment, {}).thenNothing();
    given(ticket, [ordered, purchased, used]).when(decideFollowPayment, {}).then(paymentCancelledOfTicket({}));
    given(ticket, [ordered, purchased, used, paymentCancelledOfTicket({})])
      .when(decideFollowPayment, {})
      .thenNothing();
    given(ticket, [ordered, purchased, expired]).when(decideFollowPayment, {}).then(paymentCancelledOfTicket({}));
    given(ticket, [ordered]).when(decideFollowPayment, {}).then(purchaseAbandoned({}));
  });
});
