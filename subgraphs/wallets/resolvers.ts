import type { RequestContext } from '@madang/kernel/graphql';
import type { Resolvers } from './generated/graphql.ts';
import type { Handlers } from './handlers.ts';
import type { GiftExchangeLoader, GiftExchangesModel } from './read-models/gift-exchanges.ts';
import type { WalletLoader, WalletsModel } from './read-models/wallets.ts';

export interface Loaders {
  readonly wallets: WalletLoader;
  readonly giftExchanges: GiftExchangeLoader;
}

export interface Models {
  readonly wallets: WalletsModel;
  readonly giftExchanges: GiftExchangesModel;
}

type Context = RequestContext<Loaders>;

export const resolvers = (handlers: Handlers, { wallets, giftExchanges }: Models): Resolvers<Context> => ({
  Query: {
    giftExchange: (_, { id }, { cause }) => giftExchanges.byId(id, cause.actor),
  },
  Mutation: {
    exchangeGift: (_, { input }, { cause }) => handlers.exchangeGift(input, cause),
  },
  Wallet: {
    __resolveReference: ({ id }, ctx) => ctx.loaders.wallets.load(id),
    account: ({ id }) => ({ id }),
    entries: ({ id }, list) => wallets.entries(id, list),
    exchanges: ({ id }, list) => giftExchanges.ofWallet(id, list),
  },
  WalletEntry: {
    reward: ({ kind, reference }) => (kind === 'CREDIT' ? { id: reference } : null),
    exchange: ({ kind, reference }, _, ctx) => (kind === 'CREDIT' ? null : ctx.loaders.giftExchanges.load(reference)),
  },
  GiftExchange: {
    __resolveReference: ({ id }, ctx) => ctx.loaders.giftExchanges.load(id),
    account: ({ accountId }) => ({ id: accountId }),
    wallet: async ({ accountId }, _, ctx) => (await ctx.loaders.wallets.load(accountId)) ?? { id: accountId, balance: 0, held: 0 },
    giftItem: ({ giftItemId }) => ({ id: giftItemId }),
  },
  Account: {
    __resolveReference: ({ id }) => ({ id }),
    wallet: ({ id }, _, ctx) => ctx.loaders.wallets.load(id),
  },
});
