import type { RequestContext } from '@madang/kernel/graphql';
import type { Resolvers } from './generated/graphql.ts';
import type { Handlers } from './handlers.ts';
import { existing, found, type PaymentMethodLoader, type PaymentMethodsModel } from './read-models/payment-methods.ts';

export interface Loaders {
  readonly paymentMethods: PaymentMethodLoader;
}

export const resolvers = (run: Handlers, paymentMethods: PaymentMethodsModel): Resolvers<RequestContext<Loaders>> => ({
  Query: {
    paymentMethod: (_, { id }, ctx) => existing(ctx.cause.actor, ctx.loaders.paymentMethods, id),
  },
  Mutation: {
    registerPaymentMethod: (_, { input }, ctx) => run.registerPaymentMethod(input, ctx.cause),
    changePaymentMethod: (_, { input }, ctx) => run.changePaymentMethod(input, ctx.cause),
    makePaymentMethodDefault: (_, { input }, ctx) => run.makePaymentMethodDefault(input, ctx.cause),
    removePaymentMethod: (_, { input }, ctx) => run.removePaymentMethod(input, ctx.cause),
  },
  Account: {
    paymentMethods: ({ id }, args, ctx) => paymentMethods.ofAccount(ctx.cause.actor, id, args),
  },
  PaymentMethod: {
    __resolveReference: ({ id }, ctx) => found(ctx.loaders.paymentMethods, id),
    account: ({ accountId }) => ({ id: accountId }),
  },
});
