import { MessengerLinked } from '@madang/accounts/events';
import { type EventDefinition, user } from '@madang/kernel/domain';
import { eventually } from '@madang/kernel/testing';
import { type RunningContextOptions, runningContext } from '@madang/kernel/testing/context';
import { notifications } from '../subgraph.ts';

export const MESSAGE = '{ id account { id } channel template title body about { type id } status sentAt readAt failureReason }';
export const MESSAGES = `query ($id: ID!, $first: Int, $after: String, $unread: Boolean) { _entities(representations: [{ __typename: "Account", id: $id }]) {
  ... on Account { messages(first: $first, after: $after, unread: $unread) { edges { cursor node ${MESSAGE} } pageInfo { hasNextPage endCursor } } } } }`;
export const READ = `mutation ($input: MarkMessageReadInput!) { markMessageRead(input: $input) ${MESSAGE} }`;
export const SEND = `mutation ($input: SendMessageInput!) { sendMessage(input: $input) ${MESSAGE} }`;

interface Somebody {
  readonly accountId: string;
}

/** The context; the test plays the other contexts. */
export async function runningNotifications(options: RunningContextOptions = {}) {
  const running = await runningContext(notifications, options);
  const { askWhole: ask, watch, replica, url, rest, publish, published, deadLetters, openIntents, rows, close } = running;
  const connection = async (of: Somebody, args: object = {}, actor = user(of.accountId, 'CUSTOMER')) =>
    (await ask(MESSAGES, { id: of.accountId, ...args }, actor)).data._entities[0].messages;

  return {
    ask,
    watch,
    replica,
    rest,
    url,
    deadLetters,
    openIntents,
    rows,
    close,
    connection,
    /** The messages of an account, newest first. */
    messagesOf: async (of: Somebody, args: object = {}, actor = user(of.accountId, 'CUSTOMER')) =>
      (await connection(of, args, actor)).edges.map(({ node }: { node: { id: string; template: string } }) => node),
    /** Publishes what happened to an account as its context would, `times` over. Answers the event's id. */
    publish: (event: EventDefinition, { accountId }: Somebody, data: object = {}, times = 1) =>
      publish(event, { accountId, ...data }, times),
    published: () => published<{ messageId: string; channel: string; accountId: string; reason?: string }>(),
    count: async (): Promise<number> => (await rows('SELECT FROM "Message"')).length,

    /** The account links a chat, as accounts would tell; resolves when it is known here. */
    async linkChat({ accountId }: Somebody, chatId: string): Promise<void> {
      await publish(MessengerLinked, { accountId, chatId });
      await eventually(
        async () => (await rows('SELECT FROM "LinkedChat" WHERE "accountId" = $1 AND "chatId" = $2', accountId, chatId)).length === 1,
      );
    },
  };
}

export type RunningNotifications = Awaited<ReturnType<typeof runningNotifications>>;
