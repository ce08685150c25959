import type { RequestContext } from '@madang/kernel/graphql';
import { MessageSent } from './events.ts';
import type { Resolvers } from './generated/graphql.ts';
import type { Handlers } from './handlers.ts';
import type { MessageStatus } from './message.ts';
import { existing, type Loaders, type Messages } from './read-models/messages.ts';

/** A change as its subscribers get it. */
export interface ReceivedMessage {
  readonly status: MessageStatus;
  readonly occurredAt: Date;
  readonly cursor: string;
  readonly messageId: string;
}

export const resolvers = (run: Handlers, messages: Messages): Resolvers<RequestContext<Loaders>> => ({
  Mutation: {
    sendMessage: (_, { input }, ctx) => run.sendMessage(input, ctx.cause),
    markMessageRead: (_, { input }, ctx) => run.markMessageRead(input, ctx.cause),
  },
  Subscription: {
    messageReceived: {
      subscribe: (_, { after }, ctx) =>
        ctx.subscribe({
          field: 'messageReceived',
          to: [MessageSent],
          after,
          when: ({ data }, actor) => actor.kind === 'user' && actor.accountId === data.accountId,
          as: (event, cursor): ReceivedMessage => ({ status: 'SENT', occurredAt: event.time, cursor, messageId: event.data.messageId }),
        }),
    },
  },
  Account: {
    messages: ({ id }, args, ctx) => messages.ofAccount(ctx.cause.actor, id, args),
  },
  Message: {
    __resolveReference: ({ id }, ctx) => ctx.loaders.messages.load(id),
    account: ({ accountId }) => ({ id: accountId }),
    readAt: (message) => (message.status === 'READ' ? message.readAt : null),
    failureReason: (message) => (message.status === 'FAILED' ? message.reason : null),
  },
  MessageReceived: {
    message: ({ messageId }, _, ctx) => existing(ctx.loaders, messageId),
  },
});
