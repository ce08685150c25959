import type { Store } from '@madang/kernel/context';
import { type Rows, saveRow } from '@madang/kernel/prisma';
import type { Address, Delivery } from '../delivery.ts';
import type { Delivery as Row } from '../generated/prisma/client.ts';
import type { DeliveryRow } from '../read-models/deliveries.ts';

/** A delivery as its row has it. */
export function rowOf(state: Delivery): DeliveryRow {
  const { id, accountId, applicationId, status, parcel } = state;
  return {
    id,
    accountId,
    applicationId,
    status,
    title: parcel?.title ?? null,
    quantity: parcel?.quantity ?? null,
    address: parcel?.address ?? null,
    startedAt: parcel?.startedAt ?? null,
    cancelledAt: state.status === 'CANCELLED' ? state.cancelledAt : null,
    deliveredAt: state.status === 'DELIVERED' ? state.deliveredAt : null,
  };
}

function stateOf({ id, accountId, applicationId, status, title, quantity, address, startedAt, cancelledAt, deliveredAt }: Row): Delivery {
  const identity = { id, accountId, applicationId };
  const parcel = title && quantity && address && startedAt ? { title, quantity, address: address as unknown as Address, startedAt } : null;
  if (status === 'CANCELLED' && cancelledAt) return { ...identity, status, parcel, cancelledAt };
  if (status === 'DELIVERING' && parcel) return { ...identity, status, parcel };
  if (status === 'DELIVERED' && parcel && deliveredAt) return { ...identity, status, parcel, deliveredAt };
  throw new TypeError(`delivery ${id} is ${status}, but its row lacks what belongs to that`);
}

const loaded = (row: Row | null) => row && { state: stateOf(row), version: row.version };
const save = (state: Delivery, version: number) => saveRow('Delivery', rowOf(state), version);

/** Deliveries by their id. */
export const deliveriesById = (rows: Rows<Row>): Store<Delivery> => ({
  load: async (id) => loaded(await rows.one('id', id)),
  save,
});

/** Deliveries by what they deliver. Of two that begin at once, one finds the other: an application has one delivery. */
export const deliveriesByApplication = (rows: Rows<Row>): Store<Delivery> => ({
  load: async (applicationId) => loaded(await rows.one('applicationId', applicationId)),
  save,
});
