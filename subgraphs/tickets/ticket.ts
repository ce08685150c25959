import { type Aggregate, defineFact, type Fact } from '@madang/kernel/domain';
import type { TicketEvent, TicketType } from './events.ts';

/** What each type costs in Korean won, and how long a rental with it may last. */
export const TERMS: Readonly<Record<TicketType, { readonly amount: number; readonly usingMinutes: number }>> = {
  ONE_HOUR: { amount: 1_000, usingMinutes: 60 },
  ONE_DAY: { amount: 2_000, usingMinutes: 24 * 60 },
};

/** How long after the purchase a rental may begin. */
export const VALID_FOR_MS = 30 * 24 * 3_600_000;

/** What was ordered; never changes. */
interface Order {
  readonly id: string;
  readonly accountId: string;
  readonly type: TicketType;
  readonly amount: number;
  readonly usingMinutes: number;
  /** Personal: for its owner only, in no event and no log. */
  readonly phone: string;
  readonly orderedAt: Date;
}

/** What holds once it is paid. */
export interface Paid {
  readonly paymentId: string;
  readonly purchasedAt: Date;
  readonly validUntil: Date;
  /** How many events it has had. */
  readonly revision: number;
  /** Its payment was cancelled. One that is USED stays so, for operations to look at. */
  readonly paymentCancelled: boolean;
  /** Rentals that did not come about: a redeeming of theirs that arrives late is refused. */
  readonly releasedRentals: readonly string[];
}

/** A ticket (이용권). ORDERED: not paid yet, for nobody to see; ABANDONED: never paid, its row goes. */
export type Ticket =
  | (Order & { readonly status: 'ORDERED' | 'ABANDONED' })
  | (Order & Paid & { readonly status: 'AVAILABLE' | 'EXPIRED' | 'VOIDED' })
  | (Order & Paid & { readonly status: 'USED'; readonly rentalId: string; readonly usedAt: Date });

export type PaidTicket = Extract<Ticket, Paid>;

type TicketOrdered = Fact<'TicketOrdered', Order>;
type PurchaseAbandoned = Fact<'PurchaseAbandoned', object>;
type PaymentCancelledOfTicket = Fact<'PaymentCancelledOfTicket', object>;
type RentalReleased = Fact<'RentalReleased', { readonly rentalId: string }>;

/** It is about to be paid. */
export const ticketOrdered = defineFact<TicketOrdered>('TicketOrdered');
/** It was not paid: there is no ticket. */
export const purchaseAbandoned = defineFact<PurchaseAbandoned>('PurchaseAbandoned');
/** The payment of one that is not voided by it was cancelled. */
export const paymentCancelledOfTicket = defineFact<PaymentCancelledOfTicket>('PaymentCancelledOfTicket');
/** That rental did not come about, and had not redeemed it. */
export const rentalReleased = defineFact<RentalReleased>('RentalReleased');

/** All that happens to a ticket; the facts stay inside. */
export type TicketChange = TicketEvent | TicketOrdered | PurchaseAbandoned | PaymentCancelledOfTicket | RentalReleased;

export const isPaid = (state: Ticket | null): state is PaidTicket =>
  state !== null && state.status !== 'ORDERED' && state.status !== 'ABANDONED';

/** The fields of a paid one without its status, so that no field of another status stays behind. */
function paidOf(state: Ticket | null, name: string): Order & Paid {
  if (!isPaid(state)) throw new TypeError(`${name} before TicketPurchased`);
  const { id, accountId, type, amount, usingMinutes, phone, orderedAt } = state;
  const { paymentId, purchasedAt, validUntil, revision, paymentCancelled, releasedRentals } = state;
  const order = { id, accountId, type, amount, usingMinutes, phone, orderedAt };
  return { ...order, paymentId, purchasedAt, validUntil, revision, paymentCancelled, releasedRentals };
}

const released = ({ releasedRentals }: Paid, rentalId: string) => [...releasedRentals, rentalId];

export const ticket: Aggregate<Ticket, TicketChange> = {
  name: 'ticket',
  evolve(state, event) {
    if (event.name === 'TicketOrdered') return { ...event.data, status: 'ORDERED' };
    if (state === null) throw new TypeError(`${event.name} before TicketOrdered`);
    switch (event.name) {
      case 'PurchaseAbandoned':
        return { ...state, status: 'ABANDONED' };
      case 'PaymentCancelledOfTicket':
        return isPaid(state) ? { ...state, paymentCancelled: true } : state;
      case 'RentalReleased':
        return isPaid(state) ? { ...state, releasedRentals: released(state, event.data.rentalId) } : state;
      case 'TicketPurchased': {
        const { paymentId, validUntil, revision, at } = event.data;
        const paid = { paymentId, purchasedAt: new Date(at), validUntil: new Date(validUntil), revision };
        return { ...state, ...paid, paymentCancelled: false, releasedRentals: [], status: 'AVAILABLE' };
      }
    }
    const paid = { ...paidOf(state, event.name), revision: event.data.revision };
    switch (event.name) {
      case 'TicketUsed':
        return { ...paid, status: 'USED', rentalId: event.data.rentalId, usedAt: new Date(event.data.at) };
      case 'TicketReleased':
        return { ...paid, releasedRentals: released(paid, event.data.rentalId), status: 'AVAILABLE' };
      case 'TicketExpired':
        return { ...paid, status: 'EXPIRED' };
      case 'TicketVoided':
        return { ...paid, paymentCancelled: true, status: 'VOIDED' };
    }
  },
};
