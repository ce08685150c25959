import { type Decide, type InputOf, notFound, Refused, requireUser } from '@madang/kernel/domain';
import type { markMessageRead } from './commands.ts';
import { type MessageEvent, MessageFailed, MessageRead, MessageSent } from './events.ts';
import type { Message, OutgoingMessage, Receipt } from './message.ts';

/** A message that is there is never sent again: its id is that of what caused it. */
export const decideSendMessage: Decide<Message, { readonly message: OutgoingMessage; readonly receipt: Receipt }, MessageEvent> = (
  state,
  { message, receipt },
  { now },
) => {
  if (state) return [];
  const at = now.toISOString();
  return receipt.delivered ? [MessageSent({ ...message, at })] : [MessageFailed({ ...message, at, reason: receipt.reason })];
};

export const decideMarkMessageRead: Decide<Message, InputOf<typeof markMessageRead>, MessageEvent> = (
  state,
  { messageId },
  { now, actor },
) => {
  const { accountId } = requireUser(actor);
  if (state?.accountId !== accountId) throw notFound('The message');
  if (state.status === 'FAILED') throw new Refused('MESSAGE_NOT_SENT', 'The message could not be delivered.');
  if (state.status === 'READ') return [];
  return [MessageRead({ messageId, accountId, at: now.toISOString() })];
};
