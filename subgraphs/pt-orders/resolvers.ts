import { inSeoul } from '@madang/kernel/domain';
import type { ReceivedOf, RequestContext } from '@madang/kernel/graphql';
import {
  PtCancellationRejected,
  PtCancellationRequested,
  PtOrderAcknowledged,
  PtOrderCancelled,
  PtOrderCompleted,
  PtOrderConfirmed,
  PtOrdered,
} from './events.ts';
import type { PtOrderStatus, Resolvers } from './generated/graphql.ts';
import type { Handlers } from './handlers.ts';
import type { PtClassesModel, PtClassLoader } from './read-models/pt-classes.ts';
import { type PtOrderLoader, type PtOrdersModel, sees } from './read-models/pt-orders.ts';

export interface Loaders {
  readonly classes: PtClassLoader;
  readonly orders: PtOrderLoader;
}

export interface Models {
  readonly classes: PtClassesModel;
  readonly orders: PtOrdersModel;
}

/** A change as it is pushed; the order itself is read when it is asked for. */
export interface PtOrderChange {
  readonly status: PtOrderStatus;
  readonly occurredAt: Date;
  readonly cursor: string;
  readonly orderId: string;
}

const changes = [
  PtOrdered,
  PtOrderAcknowledged,
  PtOrderConfirmed,
  PtOrderCompleted,
  PtCancellationRequested,
  PtCancellationRejected,
  PtOrderCancelled,
] as const;

const statusAfter = {
  PtOrdered: 'ORDERED',
  PtOrderAcknowledged: 'ACCEPTED',
  PtOrderConfirmed: 'CONFIRMED',
  PtOrderCompleted: 'COMPLETED',
  PtCancellationRequested: 'CANCELLING',
  PtCancellationRejected: 'COMPLETED',
  PtOrderCancelled: 'CANCELLED',
} as const;

const change = ({ name, time, data }: ReceivedOf<(typeof changes)[number]>, cursor: string): PtOrderChange => ({
  status: statusAfter[name],
  occurredAt: time,
  cursor,
  orderId: data.orderId,
});

export const resolvers = (handlers: Handlers, { classes, orders }: Models): Resolvers<RequestContext<Loaders>> => ({
  Query: {
    ptClasses: (_, list) => classes.list(list),
    ptClass: (_, { id }) => classes.byId(id),
    ptOrder: (_, { id }, { cause }) => orders.byId(id, cause.actor),
    operationsPtOrders: (_, list, { cause }) => orders.operations(list, cause.actor),
  },
  Mutation: {
    orderPt: (_, { input }, { cause }) => handlers.orderPt(input, cause),
    cancelPtOrder: (_, { input }, { cause }) => handlers.cancelPtOrder(input, cause),
    registerPtClass: (_, { input }, { cause }) => handlers.registerPtClass(input, cause),
  },
  Subscription: {
    ptOrderStatusChanged: {
      subscribe: (_, { orderId, after }, ctx) =>
        ctx.subscribe({
          field: 'ptOrderStatusChanged',
          to: changes,
          after,
          allow: () => orderId && orders.byId(orderId, ctx.cause.actor),
          when: ({ data }, actor) => (orderId ? data.orderId === orderId : sees(actor, data.accountId)),
          as: change,
        }),
    },
  },
  PtOrderStatusChange: {
    order: ({ orderId }, _, { cause }) => orders.byId(orderId, cause.actor),
  },
  PtClass: {
    __resolveReference: ({ id }, ctx) => ctx.loaders.classes.load(id),
  },
  PtOrder: {
    __resolveReference: ({ id }, ctx) => ctx.loaders.orders.load(id),
    account: ({ accountId }) => ({ id: accountId }),
    ptClass: ({ classId }, _, ctx) => ctx.loaders.classes.load(classId),
    trainer: ({ trainerId, lessonAt }) => (trainerId && lessonAt ? { id: trainerId } : null),
    lessonAtInSeoul: ({ lessonAt }) => lessonAt && inSeoul(lessonAt),
  },
  Account: {
    __resolveReference: ({ id }) => ({ id }),
    ptOrders: ({ id }, list, { cause }) => orders.ofAccount(id, list, cause.actor),
  },
});
