import type { Cause, Kernel, Store } from '@madang/kernel/context';
import { type InputOf, requireService } from '@madang/kernel/domain';
import { rowOf } from './adapters/delivery-store.ts';
import { cancelDelivery, completeDelivery, type startDelivery } from './commands.ts';
import { decideCancel, decideComplete, decideStart } from './decide.ts';
import { type Delivery, delivery } from './delivery.ts';
import type { DeliveryRow } from './read-models/deliveries.ts';

export interface Stores {
  readonly byId: Store<Delivery>;
  readonly byApplication: Store<Delivery>;
}

export type Handlers = ReturnType<typeof handlers>;

/** One function per command. */
export const handlers = (kernel: Kernel, { byId, byApplication }: Stores) => ({
  async startDelivery(input: InputOf<typeof startDelivery>, cause: Cause): Promise<void> {
    await kernel.execute({
      aggregate: delivery,
      store: byApplication,
      key: input.applicationId,
      known: null,
      input: { ...input, newId: kernel.newId() },
      decide: decideStart,
      cause,
    });
  },

  async cancelDelivery(raw: unknown, cause: Cause): Promise<DeliveryRow> {
    const { idempotencyKey, ...input } = cancelDelivery.parse(raw);
    const { state } = await kernel.execute({
      aggregate: delivery,
      store: byApplication,
      key: input.applicationId,
      input: { ...input, idempotencyKey, newId: kernel.newId() },
      decide: decideCancel,
      cause,
      idempotency: { scope: `cancelDelivery by ${requireService(cause.actor)}`, key: idempotencyKey, input },
    });
    return rowOf(state);
  },

  async completeDelivery(raw: unknown, cause: Cause): Promise<DeliveryRow> {
    const input = completeDelivery.parse(raw);
    const { state } = await kernel.execute({
      aggregate: delivery,
      store: byId,
      key: input.deliveryId,
      input,
      decide: decideComplete,
      cause,
    });
    return rowOf(state);
  },
});
