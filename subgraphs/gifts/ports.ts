import type { Cause } from '@madang/kernel/context';

/** What its owner is told: that a gift was used. */
export interface UsedGift {
  readonly giftId: string;
  readonly accountId: string;
  readonly title: string;
}

/** Nobody knows whether it was sent, and when to ask again. */
export interface Unknown {
  readonly askAgainInMs: number;
  readonly why: unknown;
}

/** Who sends messages. Asking again for the same gift is safe: it is told once. */
export interface Notifications {
  /** Answers within a second. Null when the message is on its way. */
  tellUsed(gift: UsedGift, cause: Cause): Promise<Unknown | null>;
}
