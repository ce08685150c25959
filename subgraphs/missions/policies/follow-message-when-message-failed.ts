import { policy } from '@madang/kernel/domain';
import { MessageFailed } from '@madang/notifications/events';
import { recordToldOf } from './record-told-of.ts';

/** The customer could not be told of the reward. */
export const followMessageWhenMessageFailed = policy('follow-message-when-message-failed', MessageFailed, ({ data }) => {
  const recordId = recordToldOf(data);
  return recordId === null ? null : { recordId, messageId: data.messageId, channel: data.channel, failure: data.reason };
});
