import { anonymous, type DomainEvent, fold, user } from '@madang/kernel/domain';
import { describe, expect, it } from 'vitest';
import { KickboardRegistered, KickboardRemoved, KickboardRented, KickboardReturned } from '../events.ts';
import { kickboard } from '../kickboard/kickboard.ts';
import { decideBegin, decideClaim, decideLetGo, decideReturn, decideSettle, type HeardTicket, judge } from './decide.ts';
import { claimReleased, type Ride, type RideChange, redemptionRefused, rentalClaimed, ride, ticketRedeemed } from './rental.ts';

const now = new Date('2026-11-20T06:00:00Z');
const later = new Date('2026-11-20T07:00:01Z');
const at = now.toISOString();
const kickboardId = '01900000-0000-7000-8000-0000000a0001';
const rentalId = '01936d5e-0000-7000-8000-000000000f11';
const place = { lat: 37.5, lng: 127 };
const board = { kickboardId, serial: 'MD-0001', ...place, at };
const accountId = 'renter';
const ticketId = 'ticket';
const renter = user(accountId, 'CUSTOMER');

const claim = { id: rentalId, accountId, kickboardId, ticketId, rentedAt: now };
const claimed = rentalClaimed(claim);
const dueAt = '2026-11-20T07:00:00.000Z';
const rented = KickboardRented({ ...board, rentalId, ticketId, accountId, dueAt });
const street: Ride = { kickboard: kickboard.evolve(null, KickboardRegistered(board)), rental: null, ticketRental: null };
const after = (...events: RideChange[]): Ride => fold(ride, street, events) as Ride;

const code = (run: () => readonly DomainEvent[]) => {
  try {
    return run();
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('claiming', () => {
  const input = { rentalId, kickboardId, ticketId, ticketOwner: null };
  const claims = (state: Ride | null, more: { ticketOwner?: string } = {}, actor = renter as Parameters<typeof decideClaim>[2]['actor']) =>
    code(() => decideClaim(state, { ...input, ...more }, { now, actor }));

  it('takes kickboard and ticket', () => {
    expect(claims(street)).toEqual([claimed]);
    expect(claims(street, { ticketOwner: accountId })).toEqual([claimed]);
    expect(after(claimed).kickboard).toMatchObject({ status: 'AVAILABLE', rentalId });
  });

  it('is refused for what others have', () => {
    expect(claims(after(claimed))).toBe('KICKBOARD_RENTED');
    expect(claims(after(claimed, rented))).toBe('KICKBOARD_RENTED');
    expect(claims({ ...street, ticketRental: { id: 'other', accountId } })).toBe('TICKET_USED');
    expect(claims({ ...street, ticketRental: { id: 'other', accountId: 'other' } })).toBe('TICKET_NOT_FOUND');
    expect(claims(street, { ticketOwner: 'other' })).toBe('TICKET_NOT_FOUND');
    expect(claims(null)).toBe('NOT_FOUND');
    expect(claims(after(KickboardRemoved(board)))).toBe('NOT_FOUND');
    expect(claims(street, {}, anonymous)).toBe('UNAUTHENTICATED');
  });
});

describe('while tickets are away', () => {
  const paid: HeardTicket = {
    ...{ ticketId, accountId, revision: 1, status: 'AVAILABLE', rentalId: null },
    ...{ validUntil: '2026-12-20T06:00:00.000Z', usingMinutes: 60 },
  };
  const refused = (code: string) => ({ kind: 'REFUSED', code });

  it('what was heard of the ticket decides', () => {
    expect(judge(paid, claim)).toEqual({ kind: 'USABLE', usingMinutes: 60 });
    expect(judge({ ...paid, status: 'USED', rentalId }, claim)).toEqual({ kind: 'REDEEMED', usingMinutes: 60 });
    expect(judge({ ...paid, status: 'USED', rentalId: 'other' }, claim)).toEqual(refused('TICKET_USED'));
    expect(judge({ ...paid, status: 'VOIDED' }, claim)).toEqual(refused('TICKET_VOIDED'));
    expect(judge({ ...paid, status: 'EXPIRED' }, claim)).toEqual(refused('TICKET_EXPIRED'));
    expect(judge({ ...paid, validUntil: at }, claim)).toEqual(refused('TICKET_EXPIRED'));
  });

  it('what was not heard of, or of another, is not there', () => {
    expect(judge(null, claim)).toEqual(refused('TICKET_NOT_FOUND'));
    expect(judge({ ...paid, accountId: 'other' }, claim)).toEqual(refused('TICKET_NOT_FOUND'));
    expect(judge({ ...paid, validUntil: null, status: 'VOIDED' }, claim)).toEqual(refused('TICKET_NOT_FOUND'));
  });
});

describe('beginning', () => {
  const begins = (state: Ride | null, kind: 'REDEEMED' | 'USABLE') =>
    code(() => decideBegin(state, { kind, usingMinutes: 60 }, { now, actor: renter }));

  it('lasts as long as the ticket allows, from when it was asked for', () => {
    expect(begins(after(claimed), 'USABLE')).toEqual([rented]);
    expect(begins(after(claimed), 'REDEEMED')).toEqual([rented, ticketRedeemed({})]);
    expect(after(claimed, rented, ticketRedeemed({})).rental).toMatchObject({ status: 'RENTED', redemption: 'REDEEMED' });
    expect(after(claimed, rented)).toMatchObject({ kickboard: { status: 'RENTED' }, rental: { redemption: 'PENDING' } });
  });

  it('happens once, and not to what was let go', () => {
    expect(begins(after(claimed, rented), 'USABLE')).toEqual([]);
    expect(begins(after(claimed, rented), 'REDEEMED')).toEqual([ticketRedeemed({})]);
    expect(begins(after(claimed, rented, ticketRedeemed({})), 'REDEEMED')).toEqual([]);
    expect(begins(null, 'REDEEMED')).toBe('TRY_AGAIN_LATER');
  });

  it('or letting go, which frees the kickboard, but not what has begun', () => {
    const goes = (state: Ride | null) => code(() => decideLetGo(state, {}, { now, actor: renter }));
    expect(goes(after(claimed))).toEqual([claimReleased({})]);
    expect(after(claimed, claimReleased({}))).toMatchObject({ kickboard: { rentalId: null }, rental: { status: 'RELEASED' } });
    expect(goes(after(claimed, rented))).toEqual([]);
    expect(goes(null)).toBe('TRY_AGAIN_LATER');
  });

  it('goes on when tickets refuse afterwards', () => {
    const settles = (state: Ride, refusal: string | null) => code(() => decideSettle(state, { refusal }, { now, actor: renter }));
    expect(settles(after(claimed, rented), null)).toEqual([ticketRedeemed({})]);
    expect(settles(after(claimed, rented), 'TICKET_VOIDED')).toEqual([redemptionRefused({ code: 'TICKET_VOIDED' })]);
    expect(settles(after(claimed, rented, ticketRedeemed({})), 'TICKET_USED')).toEqual([]);
    const refused = after(claimed, rented, redemptionRefused({ code: 'TICKET_VOIDED' }));
    expect(refused.rental).toMatchObject({ status: 'RENTED', redemption: 'REFUSED', redemptionRefusal: 'TICKET_VOIDED' });
    expect(settles(refused, null)).toEqual([]);
  });
});

describe('returning', () => {
  const to = { lat: 37.6, lng: 127.1 };
  const of = { ...board, ...to, rentalId, ticketId, accountId, dueAt };
  const returned = KickboardReturned({ ...of, forced: false, overdue: false });
  const returns = (state: Ride | null, actor = renter as Parameters<typeof decideReturn>[2]['actor'], when = now) =>
    code(() => decideReturn(state, { rentalId, ...to }, { now: when, actor }));

  it('is by the renter, at last too late; an ADMIN may force it', () => {
    expect(returns(after(claimed, rented))).toEqual([returned]);
    expect(after(claimed, rented, returned).kickboard).toMatchObject({ status: 'AVAILABLE', rentalId: null, ...to });
    expect(returns(after(claimed, rented), renter, later)).toEqual([
      KickboardReturned({ ...of, at: later.toISOString(), forced: false, overdue: true }),
    ]);
    expect(returns(after(claimed, rented), user('admin', 'ADMIN'))).toEqual([KickboardReturned({ ...of, forced: true, overdue: false })]);
    expect(returns(after(claimed, rented), user(accountId, 'ADMIN'))).toEqual([returned]);
  });

  it('happens once, and only to what is theirs', () => {
    expect(returns(after(claimed, rented, returned))).toEqual([]);
    expect(returns(after(claimed))).toBe('NOT_FOUND');
    expect(returns(null)).toBe('NOT_FOUND');
    expect(returns(after(claimed, rented), user('other', 'MANAGER'))).toBe('NOT_FOUND');
    expect(returns(after(claimed, rented), anonymous)).toBe('UNAUTHENTICATED');
  });

  it('keeps what is heard of the ticket afterwards', () => {
    expect(after(claimed, rented, returned, ticketRedeemed({})).rental).toMatchObject({ status: 'RETURNED', redemption: 'REDEEMED' });
    expect(after(claimed, rented, returned, redemptionRefused({ code: 'TICKET_USED' })).rental).toMatchObject({ status: 'RETURNED' });
  });
});
