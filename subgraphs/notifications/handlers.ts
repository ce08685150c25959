import type { Cause, IntentHandler, Kernel, Store } from '@madang/kernel/context';
import { requireService } from '@madang/kernel/domain';
import { z } from 'zod';
import type { LinkedChat, LinkedChats } from './adapters/linked-chats.ts';
import { markMessageRead, sendMessage } from './commands.ts';
import { decideMarkMessageRead, decideSendMessage, decideSettleMessage, isForMessenger, outgoingOf } from './decide.ts';
import type { MessageChannel } from './events.ts';
import { type Message, message, type OutgoingMessage, type QueuedMessage, type Receipt } from './message.ts';
import type { Notification } from './policies/notification.ts';
import type { Channels } from './ports.ts';
import { render } from './templates/index.ts';

/** Delivers one queued message; run by the sweep only, so that nobody waits for a channel. */
export const DELIVER = 'deliver-message';

/** What a message followed from, for those who read its trail after it has been in the queue. */
const origin = z.object({ causationId: z.string().optional(), traceparent: z.string().optional() });

export interface Adapters {
  readonly store: Store<Message>;
  readonly chats: LinkedChats;
  readonly channels: Channels;
}

/** What can be asked of this context. */
export function handlers(kernel: Kernel, { store, chats, channels }: Adapters) {
  /** The wish, where it can be met; in the app otherwise. */
  async function channelFor(wish: MessageChannel, accountId: string): Promise<MessageChannel> {
    if (wish === 'IN_APP') return wish;
    return (await channels[wish]?.reaches(accountId)) ? wish : 'IN_APP';
  }

  async function send(
    { channel: wish, ...content }: Omit<OutgoingMessage, 'channel'> & { readonly channel?: MessageChannel | null | undefined },
    cause: Cause,
    idempotency?: { scope: string; key: string; input: unknown },
  ): Promise<Message> {
    const channel = await channelFor(wish ?? (isForMessenger(content.template) ? 'TELEGRAM' : 'IN_APP'), content.accountId);
    const { causationId, traceparent } = cause;
    const { state } = await kernel.execute({
      aggregate: message,
      store,
      key: content.messageId,
      known: null,
      input: { message: { ...content, channel } },
      decide: decideSendMessage,
      cause,
      idempotency,
      alongside: ({ id }, [sent]) =>
        sent?.name === 'MessageQueued' ? { open: [{ kind: DELIVER, key: id, payload: { causationId, traceparent }, dueInMs: 0 }] } : {},
    });
    return state;
  }

  /** In the app where the channel is not set up any more. */
  async function delivered(queued: QueuedMessage): Promise<{ receipt: Receipt; channel: MessageChannel }> {
    const outside = queued.channel === 'IN_APP' ? undefined : channels[queued.channel];
    if (!outside) return { channel: 'IN_APP', receipt: { delivered: true } };
    return { channel: queued.channel, receipt: await outside.deliver(outgoingOf(queued)) };
  }

  const deliver: IntentHandler = async ({ key, payload }, cause) => {
    const close = [{ kind: DELIVER, key }];
    const loaded = await store.load(key);
    if (loaded?.state.status !== 'QUEUED') return kernel.commit(cause, { close });
    await kernel.execute({
      aggregate: message,
      store,
      key,
      input: await delivered(loaded.state),
      decide: decideSettleMessage,
      cause: { ...cause, ...origin.catch({}).parse(payload) },
      alongside: () => ({ close }),
    });
  };

  return {
    intents: { [DELIVER]: deliver },

    /** Carries out the notify policies. */
    notify({ template, values, ...notification }: Notification, cause: Cause): Promise<Message> {
      return send({ ...notification, template, ...render(template, values) }, cause);
    },

    /** From now on the account's messages go there. */
    linkChat: (chat: LinkedChat, cause: Cause): Promise<void> => kernel.commit(cause, { writes: [chats.link(chat)] }),

    async sendMessage(raw: unknown, cause: Cause): Promise<Message> {
      const scope = requireService(cause.actor);
      const { idempotencyKey: key, values, ...input } = sendMessage.parse(raw);
      const outgoing = { ...input, ...render(input.template, values), messageId: kernel.newId() };
      return send(outgoing, cause, { scope: `sendMessage:${scope}`, key, input: { ...input, values } });
    },

    async markMessageRead(raw: unknown, cause: Cause): Promise<Message> {
      const input = markMessageRead.parse(raw);
      const { state } = await kernel.execute({
        aggregate: message,
        store,
        key: input.messageId,
        input,
        decide: decideMarkMessageRead,
        cause,
      });
      return state;
    },
  };
}

export type Handlers = ReturnType<typeof handlers>;
