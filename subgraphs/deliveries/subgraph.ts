import { defineContext, react } from '@madang/kernel/context';
import { deliveriesByApplication, deliveriesById } from './adapters/delivery-store.ts';
import * as events from './events.ts';
import { PrismaClient } from './generated/prisma/client.ts';
import { handlers } from './handlers.ts';
import { startDeliveryWhenApplicationPaid } from './policies/start-delivery-when-application-paid.ts';
import { deliveries as deliveriesModel } from './read-models/deliveries.ts';
import { type Loaders, resolvers } from './resolvers.ts';

/** The delivery of textbooks that have been paid. */
export const deliveries = defineContext({
  name: 'deliveries',
  events,
  sdl: new URL('../../schema/subgraphs/deliveries.graphql', import.meta.url),
  build(kernel) {
    const prisma = new PrismaClient({ adapter: kernel.db.prismaAdapter() });
    const run = handlers(kernel, { byId: deliveriesById(prisma), byApplication: deliveriesByApplication(prisma) });
    const model = deliveriesModel(prisma);
    return {
      resolvers: resolvers(run, model),
      loaders: ({ actor }): Loaders => ({ deliveries: model.loader(actor) }),
      reactions: [react(startDeliveryWhenApplicationPaid, run.startDelivery)],
    };
  },
});
