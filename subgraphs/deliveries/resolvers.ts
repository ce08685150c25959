import type { ReceivedOf, RequestContext } from '@madang/kernel/graphql';
import { DeliveryCancelled, DeliveryCompleted, DeliveryStarted } from './events.ts';
import type { DeliveryStatus, Resolvers } from './generated/graphql.ts';
import type { Handlers } from './handlers.ts';
import { type DeliveriesModel, type DeliveryLoader, sees } from './read-models/deliveries.ts';

export interface Loaders {
  readonly deliveries: DeliveryLoader;
}

type Context = RequestContext<Loaders>;

const changes = [DeliveryStarted, DeliveryCancelled, DeliveryCompleted] as const;
const statusAfter = { DeliveryStarted: 'DELIVERING', DeliveryCancelled: 'CANCELLED', DeliveryCompleted: 'DELIVERED' } as const;

/** A change as it is pushed; the delivery itself is read when it is asked for. */
export interface DeliveryChange {
  readonly status: DeliveryStatus;
  readonly occurredAt: Date;
  readonly cursor: string;
  readonly deliveryId: string;
}

const change = ({ name, time, data }: ReceivedOf<(typeof changes)[number]>, cursor: string): DeliveryChange => ({
  status: statusAfter[name],
  occurredAt: time,
  cursor,
  deliveryId: data.deliveryId,
});

export const resolvers = (handlers: Handlers, deliveries: DeliveriesModel): Resolvers<Context> => ({
  Query: {
    delivery: (_, { id }, { cause }) => deliveries.byId(id, cause.actor),
    operationsDeliveries: (_, list, { cause }) => deliveries.operations(list, cause.actor),
  },
  Mutation: {
    cancelDelivery: (_, { input }, { cause }) => handlers.cancelDelivery(input, cause),
    completeDelivery: (_, { input }, { cause }) => handlers.completeDelivery(input, cause),
  },
  Subscription: {
    deliveryStatusChanged: {
      subscribe: (_, { deliveryId, after }, ctx) =>
        ctx.subscribe({
          field: 'deliveryStatusChanged',
          to: changes,
          after,
          allow: () => deliveryId && deliveries.byId(deliveryId, ctx.cause.actor),
          when: ({ data }, actor) => sees(actor, data.accountId) && (!deliveryId || data.deliveryId === deliveryId),
          as: change,
        }),
    },
    deliveryCancelled: {
      subscribe: (_, { applicationId, after }, ctx) =>
        ctx.subscribe({
          field: 'deliveryCancelled',
          to: [DeliveryCancelled],
          after,
          allow: () => applicationId && deliveries.allowApplication(applicationId, ctx.cause.actor),
          when: ({ data }, actor) => sees(actor, data.accountId) && (!applicationId || data.applicationId === applicationId),
          as: change,
        }),
    },
  },
  DeliveryStatusChange: {
    delivery: ({ deliveryId }, _, { cause }) => deliveries.byId(deliveryId, cause.actor),
  },
  Delivery: {
    __resolveReference: ({ id }, ctx) => ctx.loaders.deliveries.load(id),
    account: ({ accountId }) => ({ id: accountId }),
    application: ({ applicationId }) => ({ id: applicationId }),
  },
  Account: {
    __resolveReference: ({ id }) => ({ id }),
    deliveries: ({ id }, list, { cause }) => deliveries.ofAccount(id, list, cause.actor),
  },
});
