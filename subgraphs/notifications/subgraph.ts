import { defineContext, react } from '@madang/kernel/context';
import { channels } from './adapters/channels.ts';
import { linkedChats } from './adapters/linked-chats.ts';
import { messageStore } from './adapters/message-store.ts';
import * as events from './events.ts';
import { PrismaClient } from './generated/prisma/client.ts';
import { handlers } from './handlers.ts';
import { policies } from './policies/index.ts';
import { linkChatWhenMessengerLinked } from './policies/link-chat-when-messenger-linked.ts';
import { messages } from './read-models/messages.ts';
import { resolvers } from './resolvers.ts';

/** Notifications (알림): tells accounts what has happened to what is theirs. */
export const notifications = defineContext({
  name: 'notifications',
  events,
  sdl: new URL('../../schema/subgraphs/notifications.graphql', import.meta.url),
  build(kernel) {
    const prisma = new PrismaClient({ adapter: kernel.db.prismaAdapter() });
    const chats = linkedChats(prisma);
    const run = handlers(kernel, { store: messageStore(prisma), chats, channels: channels(kernel, prisma, chats) });
    const readModel = messages(prisma);
    return {
      resolvers: resolvers(run, readModel),
      reactions: [react(linkChatWhenMessengerLinked, run.linkChat), ...policies.map((policy) => react(policy, run.notify))],
      intents: run.intents,
      loaders: ({ actor }) => ({ messages: readModel.byId(actor) }),
      close: () => prisma.$disconnect(),
    };
  },
});
