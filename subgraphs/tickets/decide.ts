import { type Decide, type InputOf, Refused, requireService, requireUser, tryAgainLater } from '@madang/kernel/domain';
import type { purchaseTicket, redeemTicket, releaseTicket } from './commands.ts';
import { TicketExpired, TicketPurchased, TicketReleased, TicketUsed, TicketVoided } from './events.ts';
import {
  isPaid,
  type Paid,
  type PaidTicket,
  paymentCancelledOfTicket,
  purchaseAbandoned,
  rentalReleased,
  TERMS,
  type Ticket,
  type TicketChange,
  ticketOrdered,
  VALID_FOR_MS,
} from './ticket.ts';

type Decision<Input> = Decide<Ticket, Input, TicketChange>;

/** What a customer is told that there is not, when there is not, or it is another's. */
export const WHAT = 'The ticket';

const next = ({ id, accountId, revision }: PaidTicket, now: Date, step = 1) => ({
  ticketId: id,
  accountId,
  revision: revision + step,
  at: now.toISOString(),
});

/** Whether a rental may no longer begin. */
export const isOver = ({ validUntil }: Pick<Paid, 'validUntil'>, at: Date): boolean => at >= validUntil;

/** Nothing to see before it is paid. */
export const decideOrder: Decision<Omit<InputOf<typeof purchaseTicket>, 'idempotencyKey'> & { ticketId: string }> = (
  _,
  { ticketId, type, phone },
  { actor, now },
) => {
  const { accountId } = requireUser(actor);
  return [ticketOrdered({ id: ticketId, accountId, type, phone, ...TERMS[type], orderedAt: now })];
};

/** It is paid. One that is not there any more was given up: the money goes back by itself. */
export const decidePurchase: Decision<{ paymentId: string }> = (state, { paymentId }, { now }) => {
  if (state === null) throw tryAgainLater(1, 'Buying a ticket');
  if (state.status !== 'ORDERED') return [];
  const { id: ticketId, accountId, type, amount, usingMinutes } = state;
  const validUntil = new Date(now.getTime() + VALID_FOR_MS).toISOString();
  const bought = { ticketId, accountId, type, amount, usingMinutes, validUntil, paymentId };
  return [TicketPurchased({ ...bought, revision: 1, at: now.toISOString() })];
};

/** It is not paid, or nobody knows: there is no ticket. One that was paid after all stays. */
export const decideAbandon: Decision<object> = (state) => {
  if (state === null) throw tryAgainLater(1, 'Buying a ticket');
  return state.status === 'ORDERED' ? [purchaseAbandoned({})] : [];
};

/** `state` is the ticket, if it is that account's and paid. */
function ownedBy(state: Ticket | null, accountId: string): PaidTicket {
  if (isPaid(state) && state.accountId === accountId) return state;
  throw new Refused('TICKET_NOT_FOUND', `${WHAT} was not found. 이용권을 찾을 수 없습니다.`);
}

/** What counts is when the rental began: one that was begun in time, while this context was away, redeems a ticket that has expired since. */
export const decideRedeem: Decision<Omit<InputOf<typeof redeemTicket>, 'idempotencyKey'>> = (
  state,
  { accountId, rentalId, rentedAt },
  { actor, now },
) => {
  requireService(actor);
  const known = ownedBy(state, accountId);
  if (known.status === 'USED' && known.rentalId === rentalId) return [];
  if (known.status === 'USED') throw new Refused('TICKET_USED', 'It has been used. 이미 사용한 이용권입니다.');
  if (known.status === 'VOIDED') throw new Refused('TICKET_VOIDED', 'Its payment was cancelled. 결제가 취소된 이용권입니다.');
  if (known.releasedRentals.includes(rentalId)) throw new Refused('RENTAL_RELEASED', 'That rental did not come about.');
  if (isOver(known, rentedAt < now ? rentedAt : now)) throw new Refused('TICKET_EXPIRED', 'It has expired. 유효 기간이 지난 이용권입니다.');
  return [TicketUsed({ ...next(known, now), rentalId })];
};

/** For good: a redeeming for the same rental that comes later is refused. What was not to be used meanwhile becomes so now. */
export const decideRelease: Decision<Omit<InputOf<typeof releaseTicket>, 'idempotencyKey'>> = (
  state,
  { accountId, rentalId },
  { actor, now },
) => {
  requireService(actor);
  const known = ownedBy(state, accountId);
  if (known.releasedRentals.includes(rentalId)) return [];
  if (known.status !== 'USED' || known.rentalId !== rentalId) return [rentalReleased({ rentalId })];
  const released = TicketReleased({ ...next(known, now), rentalId });
  if (known.paymentCancelled) return [released, TicketVoided(next(known, now, 2))];
  return isOver(known, now) ? [released, TicketExpired(next(known, now, 2))] : [released];
};

/** Only what nothing was rented with. */
export const decideExpire: Decision<object> = (state, _, { now }) =>
  isPaid(state) && state.status === 'AVAILABLE' && isOver(state, now) ? [TicketExpired(next(state, now))] : [];

/** A ride that was taken stays taken, and what expired stays expired; operations see that the money went back. */
export const decideFollowPayment: Decision<object> = (state, _, { now }) => {
  if (!isPaid(state)) return state?.status === 'ORDERED' ? [purchaseAbandoned({})] : [];
  if (state.status === 'AVAILABLE') return [TicketVoided(next(state, now))];
  return state.paymentCancelled ? [] : [paymentCancelledOfTicket({})];
};
