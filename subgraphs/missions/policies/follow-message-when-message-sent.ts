import { policy } from '@madang/kernel/domain';
import { MessageSent } from '@madang/notifications/events';
import { recordToldOf } from './record-told-of.ts';

/** The customer was told of the reward. */
export const followMessageWhenMessageSent = policy('follow-message-when-message-sent', MessageSent, ({ data }) => {
  const recordId = recordToldOf(data);
  return recordId === null ? null : { recordId, messageId: data.messageId, channel: data.channel, failure: null };
});
