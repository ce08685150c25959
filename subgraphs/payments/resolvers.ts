import type { RequestContext } from '@madang/kernel/graphql';
import { PaymentApproved, PaymentCancelled, PaymentCancelling, PaymentDeclined } from './events.ts';
import type { Resolvers } from './generated/graphql.ts';
import type { Handlers } from './handlers.ts';
import { details, existing, found, maySee, type PaymentLoader, type Payments, type ShownPayment, shown } from './read-models/payments.ts';

export interface Loaders {
  readonly payments: PaymentLoader;
}

/** A change as its subscribers get it. */
export interface StatusChange {
  readonly status: ShownPayment['status'];
  readonly occurredAt: Date;
  readonly cursor: string;
  readonly paymentId: string;
}

const STATUS = {
  PaymentApproved: 'APPROVED',
  PaymentDeclined: 'DECLINED',
  PaymentCancelling: 'CANCELLING',
  PaymentCancelled: 'CANCELLED',
} as const;

export const resolvers = (run: Handlers, payments: Payments): Resolvers<RequestContext<Loaders>> => ({
  Query: {
    payment: (_, { id }, ctx) => payments.one(ctx.cause.actor, ctx.loaders.payments, id),
  },
  Mutation: {
    approvePayment: async (_, { input }, ctx) => shown(await run.approvePayment(input, ctx.cause)),
    cancelPayment: async (_, { input }, ctx) => shown(await run.cancelPayment(input, ctx.cause)),
    registerBillingKey: (_, { input }, ctx) => run.registerBillingKey(input, ctx.cause),
    changeBillingKey: (_, { input }, ctx) => run.changeBillingKey(input, ctx.cause),
    revokeBillingKey: (_, { input }, ctx) => run.revokeBillingKey(input, ctx.cause),
  },
  Subscription: {
    paymentStatusChanged: {
      subscribe: (_, { paymentId, after }, ctx) =>
        ctx.subscribe({
          field: 'paymentStatusChanged',
          to: [PaymentApproved, PaymentDeclined, PaymentCancelling, PaymentCancelled],
          after,
          allow: () => paymentId && existing(ctx.loaders.payments, paymentId),
          when: ({ data }, actor) => maySee(actor, data.accountId) && data.amount > 0 && (!paymentId || data.paymentId === paymentId),
          as: (event, cursor): StatusChange => ({
            status: STATUS[event.name],
            occurredAt: event.time,
            cursor,
            paymentId: event.data.paymentId,
          }),
        }),
    },
  },
  Account: {
    payments: ({ id }, args, ctx) => payments.ofAccount(ctx.cause.actor, id, args),
  },
  Payment: {
    __resolveReference: ({ id }, ctx) => found(ctx.loaders.payments, id),
    account: ({ accountId }) => ({ id: accountId }),
    method: (payment) => details(payment).method,
    declineReason: (payment) => details(payment).declineReason,
    refunded: (payment) => details(payment).refunded,
    approvedAt: (payment) => details(payment).approvedAt,
    cancelledAt: (payment) => details(payment).cancelledAt,
  },
  PaymentStatusChange: {
    payment: ({ paymentId }, _, ctx) => existing(ctx.loaders.payments, paymentId),
  },
});
