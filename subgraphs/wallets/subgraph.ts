import { defineContext, react } from '@madang/kernel/context';
import { bookingStore } from './adapters/booking-store.ts';
import { giftsAt } from './adapters/gifts.ts';
import { walletsConfig } from './config.ts';
import * as events from './events.ts';
import { exchanging as exchangingOf } from './exchanging.ts';
import { PrismaClient } from './generated/prisma/client.ts';
import { handlers } from './handlers.ts';
import { inLine as inLineOf } from './in-line.ts';
import { creditWalletWhenRewardGranted } from './policies/credit-wallet-when-reward-granted.ts';
import { noteGiftItemWhenGiftItemRegistered } from './policies/note-gift-item-when-gift-item-registered.ts';
import { giftExchanges as giftExchangesModel } from './read-models/gift-exchanges.ts';
import { wallets as walletsModel } from './read-models/wallets.ts';
import { type Loaders, resolvers } from './resolvers.ts';

/** The points of accounts, and what they are exchanged for. */
export const wallets = defineContext({
  name: 'wallets',
  events,
  sdl: new URL('../../schema/subgraphs/wallets.graphql', import.meta.url),
  calls: ['gifts'],
  build(kernel) {
    const prisma = new PrismaClient({ adapter: kernel.db.prismaAdapter() });
    const bookings = bookingStore(kernel.db);
    const gifts = giftsAt(kernel.edge('gifts'), kernel.log);
    const inLine = inLineOf();
    const exchanging = exchangingOf(kernel, { bookings, gifts, inLine, config: walletsConfig(kernel.env) });
    const run = handlers(kernel, { bookings, exchanging, inLine });
    const models = { wallets: walletsModel(prisma), giftExchanges: giftExchangesModel(prisma) };
    return {
      resolvers: resolvers(run, models),
      loaders: ({ actor }): Loaders => ({ wallets: models.wallets.loader(actor), giftExchanges: models.giftExchanges.loader(actor) }),
      reactions: [react(creditWalletWhenRewardGranted, run.creditWallet), react(noteGiftItemWhenGiftItemRegistered, run.noteGiftItem)],
      intents: exchanging.intents,
    };
  },
});
