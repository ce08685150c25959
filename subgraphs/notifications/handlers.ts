import type { Cause, Kernel, Store } from '@madang/kernel/context';
import { requireService } from '@madang/kernel/domain';
import { markMessageRead, sendMessage } from './commands.ts';
import { decideMarkMessageRead, decideSendMessage } from './decide.ts';
import { type Message, message, type OutgoingMessage } from './message.ts';
import type { Notification } from './policies/notification.ts';
import type { Channels } from './ports.ts';
import { render } from './templates/index.ts';

/** What can be asked of this context. */
export function handlers(kernel: Kernel, store: Store<Message>, channels: Channels) {
  async function send(
    outgoing: OutgoingMessage,
    cause: Cause,
    idempotency?: { scope: string; key: string; input: unknown },
  ): Promise<Message> {
    const receipt = await channels[outgoing.channel].deliver(outgoing);
    const { state } = await kernel.execute({
      aggregate: message,
      store,
      key: outgoing.messageId,
      input: { message: outgoing, receipt },
      decide: decideSendMessage,
      cause,
      idempotency,
    });
    return state;
  }

  return {
    /** Carries out the notify policies. */
    notify({ template, values, ...notification }: Notification, cause: Cause): Promise<Message> {
      return send({ ...notification, channel: 'IN_APP', template, ...render(template, values) }, cause);
    },

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
