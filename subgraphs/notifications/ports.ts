import type { MessageChannel } from './events.ts';
import type { OutgoingMessage, Receipt } from './message.ts';

/** A way out of this platform to an account's reader: it takes its time, and is out at times. */
export interface Channel {
  /** Whether the account has it. */
  reaches(accountId: string): Promise<boolean>;
  /**
   * Hands the message over. The same message may be handed over again after a crash: `messageId` tells that it is the same.
   * Throws while the outcome is unknown or the channel is out: it is tried again, until it is one or the other.
   */
  deliver(message: OutgoingMessage): Promise<Receipt>;
}

/** One that is not set up is left out: what would go there stays in the app. */
export type Channels = Readonly<Partial<Record<Exclude<MessageChannel, 'IN_APP'>, Channel>>>;
