import { MessengerLinked } from '@madang/accounts/events';
import { policy } from '@madang/kernel/domain';

/** Messages that are for the messenger go to that chat from now on. */
export const linkChatWhenMessengerLinked = policy('link-chat-when-messenger-linked', MessengerLinked, ({ data }) => ({
  accountId: data.accountId,
  chatId: data.chatId,
}));
