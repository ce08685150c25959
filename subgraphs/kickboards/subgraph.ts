import { defineContext, react } from '@madang/kernel/context';
import { heardTickets } from './adapters/heard-tickets.ts';
import { kickboardsById, kickboardsBySerial } from './adapters/kickboard-store.ts';
import { rides as ridesOf, type Wish } from './adapters/ride-store.ts';
import { ticketsAt } from './adapters/tickets.ts';
import { kickboardsConfig } from './config.ts';
import * as events from './events.ts';
import { PrismaClient } from './generated/prisma/client.ts';
import { handlers } from './handlers.ts';
import { policies } from './policies/index.ts';
import { kickboards as kickboardsModel } from './read-models/kickboards.ts';
import { rentals as rentalsModel } from './read-models/rentals.ts';
import { renting as rentingOf } from './renting.ts';
import { type Loaders, resolvers } from './resolvers.ts';
import { seedKickboards } from './seeds.ts';

/** Kickboards, and who rents them. */
export const kickboards = defineContext({
  name: 'kickboards',
  events,
  sdl: new URL('../../schema/subgraphs/kickboards.graphql', import.meta.url),
  calls: ['tickets'],
  build(kernel) {
    const prisma = new PrismaClient({ adapter: kernel.db.prismaAdapter() });
    const rides = (wish?: Wish) => ridesOf(kernel.db, prisma, wish);
    const heard = heardTickets(prisma);
    const bySerial = kickboardsBySerial(prisma);
    const tickets = ticketsAt(kernel.edge('tickets'), kernel.log);
    const renting = rentingOf(kernel, { rides: rides(), tickets, heard, config: kickboardsConfig(kernel.env) });
    const run = handlers(kernel, { byId: kickboardsById(prisma), bySerial, rides, heard, renting });
    const models = { kickboards: kickboardsModel(kernel.db, prisma), rentals: rentalsModel(prisma, () => kernel.clock.now()) };
    return {
      resolvers: resolvers(run, models),
      loaders: ({ actor }): Loaders => ({ kickboards: models.kickboards.loader(), rentals: models.rentals.loader(actor) }),
      reactions: policies.map((policy) => react(policy, run.hearOfTicket)),
      intents: renting.intents,
      seed: () => seedKickboards(kernel, bySerial, run),
    };
  },
});
