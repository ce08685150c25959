import { defineContext, react } from '@madang/kernel/context';
import { classesByName as classesByNameOf } from './adapters/pt-class-store.ts';
import { ptOrdersById } from './adapters/pt-order-store.ts';
import { seedOrders } from './demo-orders.ts';
import * as events from './events.ts';
import { PrismaClient } from './generated/prisma/client.ts';
import { handlers } from './handlers.ts';
import { followPtOrderWhenLessonResultPosted } from './policies/follow-pt-order-when-lesson-result-posted.ts';
import { followPtOrderWhenPtAssignmentCancelRefused } from './policies/follow-pt-order-when-pt-assignment-cancel-refused.ts';
import { followPtOrderWhenPtAssignmentCancelled } from './policies/follow-pt-order-when-pt-assignment-cancelled.ts';
import { followPtOrderWhenPtAssignmentConfirmed } from './policies/follow-pt-order-when-pt-assignment-confirmed.ts';
import { followPtOrderWhenPtOrderAccepted } from './policies/follow-pt-order-when-pt-order-accepted.ts';
import { followPtOrderWhenTrainerAssigned } from './policies/follow-pt-order-when-trainer-assigned.ts';
import { ptClasses } from './read-models/pt-classes.ts';
import { ptOrders as ordersModel } from './read-models/pt-orders.ts';
import { type Loaders, resolvers } from './resolvers.ts';
import { seedClasses } from './seeds.ts';

/** Orders of PT lessons, and the classes that they are for. */
export const ptOrders = defineContext({
  name: 'pt-orders',
  events,
  sdl: new URL('../../schema/subgraphs/pt-orders.graphql', import.meta.url),
  build(kernel) {
    const prisma = new PrismaClient({ adapter: kernel.db.prismaAdapter() });
    const classes = ptClasses(prisma);
    const orders = ordersModel(prisma);
    const classesByName = classesByNameOf(prisma);
    const run = handlers(kernel, { orders: ptOrdersById(prisma), classesByName, findClass: classes.find });
    return {
      resolvers: resolvers(run, { classes, orders }),
      loaders: ({ actor }): Loaders => ({ classes: classes.loader(), orders: orders.loader(actor) }),
      reactions: [
        react(followPtOrderWhenPtOrderAccepted, run.followPtOrder),
        react(followPtOrderWhenTrainerAssigned, run.followPtOrder),
        react(followPtOrderWhenPtAssignmentConfirmed, run.followPtOrder),
        react(followPtOrderWhenPtAssignmentCancelled, run.followPtOrder),
        react(followPtOrderWhenPtAssignmentCancelRefused, run.followPtOrder),
        react(followPtOrderWhenLessonResultPosted, run.followPtOrder),
      ],
      async seed() {
        await seedClasses(kernel, classesByName, run);
        await seedOrders(kernel, run, orders);
      },
      close: () => prisma.$disconnect(),
    };
  },
});
