import type { MessageChannel } from './events.ts';
import type { OutgoingMessage, Receipt } from './message.ts';

/** A way to an account's reader. */
export interface Channel {
  /**
   * Hands the message over. The same message may be handed over again after a crash: `messageId` tells that it is the same.
   * Throws while the outcome is unknown or the channel is out: it is tried again, until it is one or the other.
   */
  deliver(message: OutgoingMessage): Promise<Receipt>;
}

export type Channels = Readonly<Record<MessageChannel, Channel>>;
