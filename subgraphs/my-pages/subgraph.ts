import { defineContext } from '@madang/kernel/context';
import { feed } from './adapters/feed.ts';
import * as events from './events.ts';
import { PrismaClient } from './generated/prisma/client.ts';
import { ofEveryView, readModels } from './read-models/index.ts';
import { resolvers } from './resolvers.ts';

/** Events in hand at a time: what gathers is written together, so that many cost little more than one. */
const SIDE_BY_SIDE = 128;

/** My pages (마이페이지): one page of all that is an account's, fed by the events of the other contexts. */
export const myPages = defineContext({
  name: 'my-pages',
  events,
  sdl: new URL('../../schema/subgraphs/my-pages.graphql', import.meta.url),
  build(kernel) {
    const prisma = new PrismaClient({ adapter: kernel.db.prismaAdapter() });
    return {
      resolvers: resolvers(readModels(prisma)),
      reactions: ofEveryView((view) => feed(kernel, view)),
      concurrency: SIDE_BY_SIDE,
      close: () => prisma.$disconnect(),
    };
  },
});
