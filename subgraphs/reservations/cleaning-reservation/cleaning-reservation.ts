import { type Aggregate, defineFact, type Fact } from '@madang/kernel/domain';
import type { CleaningReservationEvent } from '../events.ts';

/** What was reserved; never changes. */
interface Order {
  readonly id: string;
  readonly accountId: string;
  readonly planId: string;
  readonly title: string;
  readonly minutes: number;
  /** Korean won, at the price when it was reserved. */
  readonly amount: number;
  readonly place: string;
  /** When the cleaning is to begin. */
  readonly cleaningAt: Date;
  readonly reservedAt: Date;
}

/** A reservation that is paid: only these are there for anybody. */
export type ShownReservation = Order & { readonly paymentId: string; readonly updatedAt: Date } & (
    | { readonly status: 'RESERVED' | 'CONFIRMED' | 'CANCELLING' | 'CANCELLED' }
    | { readonly status: 'DONE'; readonly cancellationRejectedReason: string | null }
  );

/** A cleaning reservation (청소 예약). */
export type CleaningReservation =
  | ShownReservation
  /** Being paid; or not paid, and never to be. */
  | (Order & { readonly status: 'PENDING' | 'DROPPED'; readonly updatedAt: Date });

export type CleaningReservationStatus = ShownReservation['status'];

export const isShown = (state: CleaningReservation): state is ShownReservation => state.status !== 'PENDING' && state.status !== 'DROPPED';

type ReservationBegun = Fact<'ReservationBegun', Omit<Order, 'reservedAt'> & { readonly at: string }>;
type ReservationDropped = Fact<'ReservationDropped', { readonly at: string }>;

/** It is asked for, and still to be paid: nobody knows of it before. */
export const reservationBegun = defineFact<ReservationBegun>('ReservationBegun');
/** It was not paid, and will not be; who asked for it has been refused. */
export const reservationDropped = defineFact<ReservationDropped>('ReservationDropped');

/** All that happens to a reservation; the facts stay inside. */
export type CleaningReservationChange = CleaningReservationEvent | ReservationBegun | ReservationDropped;

function orderOf({ id, accountId, planId, title, minutes, amount, place, cleaningAt, reservedAt }: CleaningReservation): Order {
  return { id, accountId, planId, title, minutes, amount, place, cleaningAt, reservedAt };
}

export const cleaningReservation: Aggregate<CleaningReservation, CleaningReservationChange> = {
  name: 'cleaning reservation',
  evolve(state, event) {
    const updatedAt = new Date(event.data.at);
    if (event.name === 'ReservationBegun') {
      const { at: _, ...order } = event.data;
      return { ...order, status: 'PENDING', reservedAt: updatedAt, updatedAt };
    }
    if (state === null) throw new TypeError(`${event.name} before ReservationBegun`);
    const order = { ...orderOf(state), updatedAt };
    if (event.name === 'ReservationDropped') return { ...order, status: 'DROPPED' };
    if (event.name === 'CleaningReserved') return { ...order, status: 'RESERVED', paymentId: event.data.paymentId, reservedAt: updatedAt };
    if (!isShown(state)) throw new TypeError(`${event.name} before CleaningReserved`);
    const paid = { ...order, paymentId: state.paymentId };
    switch (event.name) {
      case 'CleaningReservationConfirmed':
        return { ...paid, status: 'CONFIRMED' };
      case 'CleaningReservationDone':
        return { ...paid, status: 'DONE', cancellationRejectedReason: null };
      case 'CleaningCancellationRequested':
        return { ...paid, status: 'CANCELLING' };
      case 'CleaningCancellationRejected':
        return { ...paid, status: event.data.status, cancellationRejectedReason: event.data.reason };
      case 'CleaningReservationCancelled':
        return { ...paid, status: 'CANCELLED' };
    }
  },
};
