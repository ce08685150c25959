import { type Aggregate, defineFact, type Fact } from '@madang/kernel/domain';
import type { KickboardEvent } from '../events.ts';
import { type Kickboard, kickboard } from '../kickboard/kickboard.ts';

/** What is wanted; never changes. */
export interface Claim {
  readonly id: string;
  readonly accountId: string;
  readonly kickboardId: string;
  readonly ticketId: string;
  /** When it was asked for, which is when it begins. */
  readonly rentedAt: Date;
}

/** PENDING: tickets were away, it is rented with what was heard of them. REFUSED: they said no when it was under way. */
type Redemption =
  | { readonly redemption: 'PENDING' | 'REDEEMED'; readonly redemptionRefusal: null }
  | { readonly redemption: 'REFUSED'; readonly redemptionRefusal: string };

type Riding = Claim & Redemption & { readonly dueAt: Date };

/** A rental (대여). CLAIMED: being decided, for nobody to see; RELEASED: it did not come about, its row goes. */
export type Rental =
  | (Claim & { readonly status: 'CLAIMED' | 'RELEASED' })
  | (Riding & { readonly status: 'RENTED' })
  | (Riding & {
      readonly status: 'RETURNED';
      readonly returnedAt: Date;
      readonly returnedLat: number;
      readonly returnedLng: number;
      readonly forced: boolean;
    });

export type Begun = Extract<Rental, Riding>;

export const hasBegun = (rental: Rental | null): rental is Begun => rental?.status === 'RENTED' || rental?.status === 'RETURNED';

/** A kickboard, and a rental of it: they change together. `ticketRental` is the rental that has the wanted ticket already. */
export interface Ride {
  readonly kickboard: Kickboard;
  readonly rental: Rental | null;
  readonly ticketRental: Pick<Claim, 'id' | 'accountId'> | null;
}

type RentalClaimed = Fact<'RentalClaimed', Claim>;
type ClaimReleased = Fact<'ClaimReleased', object>;
type TicketRedeemed = Fact<'TicketRedeemed', object>;
type RedemptionRefused = Fact<'RedemptionRefused', { readonly code: string }>;

/** Kickboard and ticket are claimed: nobody else may rent the one or with the other. */
export const rentalClaimed = defineFact<RentalClaimed>('RentalClaimed');
/** It did not come about. */
export const claimReleased = defineFact<ClaimReleased>('ClaimReleased');
/** Tickets have the ticket as used for it. */
export const ticketRedeemed = defineFact<TicketRedeemed>('TicketRedeemed');
/** Tickets refused, when it was under way. */
export const redemptionRefused = defineFact<RedemptionRefused>('RedemptionRefused');

/** All that happens to a ride; the facts stay inside. */
export type RideChange = KickboardEvent | RentalClaimed | ClaimReleased | TicketRedeemed | RedemptionRefused;

function begun({ rental }: Ride, name: string): Begun {
  if (!hasBegun(rental)) throw new TypeError(`${name} before KickboardRented`);
  return rental;
}

export const ride: Aggregate<Ride, RideChange> = {
  name: 'rental',
  evolve(state, event) {
    if (state === null) throw new TypeError(`${event.name} without a kickboard`);
    switch (event.name) {
      case 'RentalClaimed':
        return {
          ...state,
          kickboard: { ...state.kickboard, status: 'AVAILABLE', rentalId: event.data.id },
          rental: { ...event.data, status: 'CLAIMED' },
        };
      case 'ClaimReleased':
        return {
          ...state,
          kickboard: { ...state.kickboard, status: 'AVAILABLE', rentalId: null },
          rental: state.rental && { ...state.rental, status: 'RELEASED' },
        };
      case 'TicketRedeemed':
        return { ...state, rental: { ...begun(state, event.name), redemption: 'REDEEMED', redemptionRefusal: null } };
      case 'RedemptionRefused':
        return { ...state, rental: { ...begun(state, event.name), redemption: 'REFUSED', redemptionRefusal: event.data.code } };
    }
    const after = { ...state, kickboard: kickboard.evolve(state.kickboard, event) };
    if (event.name === 'KickboardRented' && state.rental) {
      const { id, accountId, kickboardId, ticketId, rentedAt } = state.rental;
      const claim = { id, accountId, kickboardId, ticketId, rentedAt, dueAt: new Date(event.data.dueAt) };
      return { ...after, rental: { ...claim, status: 'RENTED', redemption: 'PENDING', redemptionRefusal: null } };
    }
    if (event.name === 'KickboardReturned') {
      const { at, lat, lng, forced } = event.data;
      const over = { status: 'RETURNED', returnedAt: new Date(at), returnedLat: lat, returnedLng: lng, forced } as const;
      return { ...after, rental: { ...begun(state, event.name), ...over } };
    }
    return after;
  },
};
