import type { RequestContext } from '@madang/kernel/graphql';
import type { Resolvers } from './generated/graphql.ts';
import type { Handlers } from './handlers.ts';
import type { GiftItemLoader, GiftItemsModel } from './read-models/gift-items.ts';
import type { GiftLoaders, GiftsModel } from './read-models/gifts.ts';

export interface Loaders extends GiftLoaders {
  readonly giftItems: GiftItemLoader;
}

export interface Models {
  readonly giftItems: GiftItemsModel;
  readonly gifts: GiftsModel;
}

type Context = RequestContext<Loaders>;

export const resolvers = (handlers: Handlers, { giftItems, gifts }: Models): Resolvers<Context> => ({
  Query: {
    giftItem: (_, { id }) => giftItems.byId(id),
    giftItems: (_, list) => giftItems.list(list),
    gift: (_, { id }, { cause }) => gifts.byId(id, cause.actor),
    operationsGifts: (_, list, { cause }) => gifts.operations(list, cause.actor),
  },
  Mutation: {
    registerGiftItem: (_, { input }, { cause }) => handlers.registerGiftItem(input, cause),
    useGift: (_, { input }, { cause }) => handlers.useGift(input, cause),
    issueGift: (_, { input }, { cause }) => handlers.issueGift(input, cause),
    activateGift: (_, { input }, { cause }) => handlers.activateGift(input, cause),
    voidGift: (_, { input }, { cause }) => handlers.voidGift(input, cause),
  },
  GiftItem: {
    __resolveReference: ({ id }, ctx) => ctx.loaders.giftItems.load(id),
  },
  Gift: {
    __resolveReference: ({ id }, ctx) => ctx.loaders.gifts.load(id),
    account: ({ accountId }) => ({ id: accountId }),
    item: ({ giftItemId }, _, ctx) => (giftItemId === null ? null : ctx.loaders.giftItems.load(giftItemId)),
    exchange: ({ exchangeId }) => ({ id: exchangeId }),
  },
  GiftExchange: {
    __resolveReference: ({ id }) => ({ id }),
    gift: ({ id }, _, ctx) => ctx.loaders.giftsByExchange.load(id),
  },
  Account: {
    __resolveReference: ({ id }) => ({ id }),
    gifts: ({ id }, list, { cause }) => gifts.ofAccount(id, list, cause.actor),
  },
});
