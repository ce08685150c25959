import { defineContext } from '@madang/kernel/context';
import { giftItemsById } from './adapters/gift-item-store.ts';
import { giftStore } from './adapters/gift-store.ts';
import { notificationsAt } from './adapters/notifications.ts';
import { giftsConfig } from './config.ts';
import * as events from './events.ts';
import { PrismaClient } from './generated/prisma/client.ts';
import { handlers } from './handlers.ts';
import { giftItems as giftItemsModel } from './read-models/gift-items.ts';
import { gifts as giftsModel } from './read-models/gifts.ts';
import { type Loaders, resolvers } from './resolvers.ts';
import { seedGiftItems } from './seeds.ts';
import { telling as tellingOf } from './telling.ts';

/** Gifts that points are exchanged for. */
export const gifts = defineContext({
  name: 'gifts',
  events,
  sdl: new URL('../../schema/subgraphs/gifts.graphql', import.meta.url),
  calls: ['notifications'],
  build(kernel) {
    const prisma = new PrismaClient({ adapter: kernel.db.prismaAdapter() });
    const items = giftItemsById(prisma);
    const notifications = notificationsAt(kernel.edge('notifications'), kernel.log);
    const telling = tellingOf(kernel, { notifications, config: giftsConfig(kernel.env) });
    const run = handlers(kernel, { items, gifts: giftStore(kernel.db), telling });
    const models = { giftItems: giftItemsModel(prisma), gifts: giftsModel(prisma) };
    return {
      resolvers: resolvers(run, models),
      loaders: ({ actor }): Loaders => ({ giftItems: models.giftItems.loader(), ...models.gifts.loaders(actor) }),
      intents: telling.intents,
      seed: () => seedGiftItems(kernel, items, run),
    };
  },
});
