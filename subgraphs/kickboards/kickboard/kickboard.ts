import type { Aggregate } from '@madang/kernel/domain';
import type { KickboardEvent } from '../events.ts';

interface Thing {
  readonly id: string;
  /** What is printed on it. */
  readonly serial: string;
  /** Where it stands, or stood when it was rented last. */
  readonly lat: number;
  readonly lng: number;
  readonly registeredAt: Date;
}

/** A kickboard (킥보드). An AVAILABLE one with a rental is claimed: whether that rental comes about is being decided. */
export type Kickboard = Thing &
  (
    | { readonly status: 'AVAILABLE'; readonly rentalId: string | null }
    | { readonly status: 'RENTED'; readonly rentalId: string }
    | { readonly status: 'REMOVED'; readonly rentalId: null }
  );

export const kickboard: Aggregate<Kickboard, KickboardEvent> = {
  name: 'kickboard',
  evolve(state, event) {
    if (event.name === 'KickboardRegistered') {
      const { kickboardId: id, serial, lat, lng, at } = event.data;
      return { id, serial, lat, lng, registeredAt: new Date(at), status: 'AVAILABLE', rentalId: null };
    }
    if (state === null) throw new TypeError(`${event.name} before KickboardRegistered`);
    switch (event.name) {
      case 'KickboardRented':
        return { ...state, status: 'RENTED', rentalId: event.data.rentalId };
      case 'KickboardReturned':
        return { ...state, status: 'AVAILABLE', rentalId: null, lat: event.data.lat, lng: event.data.lng };
      case 'KickboardRemoved':
        return { ...state, status: 'REMOVED', rentalId: null };
    }
  },
};
