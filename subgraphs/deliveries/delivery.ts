import type { Aggregate } from '@madang/kernel/domain';
import type { DeliveryEvent } from './events.ts';

/** Where the books go. */
export interface Address {
  readonly recipient: string;
  readonly phone: string;
  readonly postalCode: string;
  readonly line1: string;
  readonly line2?: string | undefined;
}

interface Identity {
  readonly id: string;
  readonly accountId: string;
  /** One application has one delivery. */
  readonly applicationId: string;
}

/** What is on its way, and since when. */
export interface Parcel {
  readonly title: string;
  readonly quantity: number;
  readonly address: Address;
  readonly startedAt: Date;
}

/** A delivery (배송). One that was cancelled before it began has no parcel: it never will begin. */
export type Delivery = Identity &
  (
    | { readonly status: 'DELIVERING'; readonly parcel: Parcel }
    | { readonly status: 'CANCELLED'; readonly parcel: Parcel | null; readonly cancelledAt: Date }
    | { readonly status: 'DELIVERED'; readonly parcel: Parcel; readonly deliveredAt: Date }
  );

export type DeliveryStatus = Delivery['status'];

export const delivery: Aggregate<Delivery, DeliveryEvent> = {
  name: 'delivery',
  evolve(state, event) {
    const { deliveryId: id, accountId, applicationId } = event.data;
    const identity = { id, accountId, applicationId };
    const at = new Date(event.data.at);
    switch (event.name) {
      case 'DeliveryStarted': {
        const { title, quantity, address } = event.data;
        return { ...identity, status: 'DELIVERING', parcel: { title, quantity, address, startedAt: at } };
      }
      case 'DeliveryCancelled':
        return { ...identity, status: 'CANCELLED', parcel: state?.parcel ?? null, cancelledAt: at };
      case 'DeliveryCompleted':
        if (!state?.parcel) throw new TypeError('DeliveryCompleted before DeliveryStarted');
        return { ...identity, status: 'DELIVERED', parcel: state.parcel, deliveredAt: at };
    }
  },
};
