import { defineContext, react } from '@madang/kernel/context';
import { inAppChannel } from './adapters/in-app-channel.ts';
import { messageStore } from './adapters/message-store.ts';
import * as events from './events.ts';
import { PrismaClient } from './generated/prisma/client.ts';
import { handlers } from './handlers.ts';
import { policies } from './policies/index.ts';
import { messages } from './read-models/messages.ts';
import { resolvers } from './resolvers.ts';

/** Notifications (알림): tells accounts what has happened to what is theirs. */
export const notifications = defineContext({
  name: 'notifications',
  events,
  sdl: new URL('../../schema/subgraphs/notifications.graphql', import.meta.url),
  build(kernel) {
    const prisma = new PrismaClient({ adapter: kernel.db.prismaAdapter() });
    const run = handlers(kernel, messageStore(prisma), { IN_APP: inAppChannel });
    const readModel = messages(prisma);
    return {
      resolvers: resolvers(run, readModel),
      reactions: policies.map((policy) => react(policy, run.notify)),
      loaders: ({ actor }) => ({ messages: readModel.byId(actor) }),
      close: () => prisma.$disconnect(),
    };
  },
});
