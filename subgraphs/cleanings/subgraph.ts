import { defineContext, react } from '@madang/kernel/context';
import { cleaningsById, cleaningsByReservation } from './adapters/cleaning-store.ts';
import * as events from './events.ts';
import { PrismaClient } from './generated/prisma/client.ts';
import { handlers } from './handlers.ts';
import { cancelCleaningWhenCancellationRequested } from './policies/cancel-cleaning-when-cancellation-requested.ts';
import { requestCleaningWhenCleaningReserved } from './policies/request-cleaning-when-cleaning-reserved.ts';
import { cleanings as cleaningsModel } from './read-models/cleanings.ts';
import { type Loaders, resolvers } from './resolvers.ts';

/** The cleanings of reservations that have been paid. */
export const cleanings = defineContext({
  name: 'cleanings',
  events,
  sdl: new URL('../../schema/subgraphs/cleanings.graphql', import.meta.url),
  build(kernel) {
    const prisma = new PrismaClient({ adapter: kernel.db.prismaAdapter() });
    const run = handlers(kernel, { byId: cleaningsById(prisma), byReservation: cleaningsByReservation(prisma) });
    const model = cleaningsModel(prisma);
    return {
      resolvers: resolvers(run, model),
      loaders: ({ actor }): Loaders => ({ cleanings: model.loader(actor), byReservation: model.byReservation(actor) }),
      reactions: [
        react(requestCleaningWhenCleaningReserved, run.requestCleaning),
        react(cancelCleaningWhenCancellationRequested, run.cancelCleaning),
      ],
      close: () => prisma.$disconnect(),
    };
  },
});
