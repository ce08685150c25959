import { defineContext, react } from '@madang/kernel/context';
import { rowsOf } from '@madang/kernel/prisma';
import { deliveriesByApplication, deliveriesById } from './adapters/delivery-store.ts';
import * as events from './events.ts';
import type { Delivery } from './generated/prisma/client.ts';
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
    const rows = rowsOf<Delivery>(kernel.db, 'Delivery');
    const run = handlers(kernel, { byId: deliveriesById(rows), byApplication: deliveriesByApplication(rows) });
    const model = deliveriesModel(rows);
    return {
      resolvers: resolvers(run, model),
      loaders: ({ actor }): Loaders => ({ deliveries: model.loader(actor) }),
      reactions: [react(startDeliveryWhenApplicationPaid, run.startDelivery)],
    };
  },
});
