import { TextbookApplicationPaid } from '@madang/applications/events';
import { type Actor, service, user } from '@madang/kernel/domain';
import { type RunningContextOptions, runningContext } from '@madang/kernel/testing/context';
import { uuidv7 } from 'uuidv7';
import { deliveries } from '../subgraph.ts';

export const payments = service('payments');
export const manager = user('01900000-0000-7000-8000-000000000002', 'CUSTOMER', 'MANAGER');

/** A delivery as the tests read it. */
export interface Shown {
  readonly id: string;
  readonly status: string;
  readonly title: string | null;
  readonly startedAt: string | null;
}

export interface Order {
  readonly accountId: string;
  readonly applicationId: string;
}

export const DELIVERY =
  '{ id status title quantity address { recipient line2 } startedAt cancelledAt deliveredAt account { id } application { id } }';

/** The context; the test plays the other contexts. */
export async function runningDeliveries(options: RunningContextOptions = {}) {
  const { ask, rows, publish, told, watch, close } = await runningContext(deliveries, options);

  return {
    ask,
    rows,
    watch,
    close,

    /** Another application of somebody's. */
    order: (accountId = uuidv7()): Order => ({ accountId, applicationId: uuidv7() }),

    cancel: ({ accountId, applicationId }: Order, actor: Actor = payments, idempotencyKey = applicationId) =>
      ask<Shown>(
        `mutation Cancel($input: CancelDeliveryInput!) { cancelDelivery(input: $input) ${DELIVERY} }`,
        { input: { accountId, applicationId, idempotencyKey } },
        actor,
      ),

    complete: (deliveryId: string, actor: Actor = manager) =>
      ask<Shown>(
        `mutation Complete($input: CompleteDeliveryInput!) { completeDelivery(input: $input) ${DELIVERY} }`,
        { input: { deliveryId } },
        actor,
      ),

    /** Tells that an application is paid, as the applications context would. */
    paid: (order: Order, times?: number) => publish(TextbookApplicationPaid, order, times),
    delivery: async ({ applicationId }: Order): Promise<Shown | undefined> =>
      (await rows<Shown>('SELECT * FROM "Delivery" WHERE "applicationId" = $1', applicationId))[0],
    /** What this context has published about a delivery, in order. */
    published: told,
  };
}

export type RunningDeliveries = Awaited<ReturnType<typeof runningDeliveries>>;
