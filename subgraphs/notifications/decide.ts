import { type Decide, type InputOf, notFound, Refused, requireUser } from '@madang/kernel/domain';
import type { markMessageRead } from './commands.ts';
import { MessageFailed, MessageRead, MessageSent, type MessageTemplate } from './events.ts';
import { type Message, type MessageChange, MessageQueued, type OutgoingMessage, type Receipt } from './message.ts';

/** What is told of the mission game goes to the customer's messenger. */
const MESSENGER: ReadonlySet<MessageTemplate> = new Set(['MISSION_REWARDED', 'GIFT_EXCHANGED', 'GIFT_USED']);

/** Whether a template's messages go to the messenger of whoever has linked one. */
export const isForMessenger = (template: MessageTemplate): boolean => MESSENGER.has(template);

/**
 * In the app a message is delivered by being kept; for a channel outside it is queued.
 * One that is there is never sent again: its id is that of what caused it.
 */
export const decideSendMessage: Decide<Message, { readonly message: OutgoingMessage }, MessageChange> = (state, { message }, { now }) => {
  if (state) return [];
  const sent = { ...message, at: now.toISOString() };
  return [message.channel === 'IN_APP' ? MessageSent(sent) : MessageQueued(sent)];
};

/** What became of a queued message. Its channel may have been lost meanwhile, and another have delivered it. */
export const decideSettleMessage: Decide<
  Message,
  { readonly receipt: Receipt; readonly channel: OutgoingMessage['channel'] },
  MessageChange
> = (state, { receipt, channel }, { now }) => {
  if (state?.status !== 'QUEUED') return [];
  const settled = { ...outgoingOf(state), channel, at: now.toISOString() };
  return [receipt.delivered ? MessageSent(settled) : MessageFailed({ ...settled, reason: receipt.reason })];
};

/** A kept message as its channel is given it. */
export const outgoingOf = ({ id, accountId, channel, template, title, body, about }: Message): OutgoingMessage => ({
  messageId: id,
  accountId,
  channel,
  template,
  title,
  body,
  about,
});

export const decideMarkMessageRead: Decide<Message, InputOf<typeof markMessageRead>, MessageChange> = (
  state,
  { messageId },
  { now, actor },
) => {
  const { accountId } = requireUser(actor);
  if (state?.accountId !== accountId) throw notFound('The message');
  if (state.status === 'FAILED') throw new Refused('MESSAGE_NOT_SENT', 'The message could not be delivered.');
  if (state.status === 'QUEUED') throw new Refused('MESSAGE_NOT_SENT', 'The message is still on its way.');
  if (state.status === 'READ') return [];
  return [MessageRead({ messageId, accountId, at: now.toISOString() })];
};
