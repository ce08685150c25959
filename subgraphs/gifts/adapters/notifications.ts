import type { Kernel } from '@madang/kernel/context';
import { type Edge, Unavailable } from '@madang/kernel/resilience';
import { SendMessageDocument } from '../generated/notifications.ts';
import type { Notifications } from '../ports.ts';

/** What is to be told is tried again at least this often: notifications may be back sooner than they thought. */
const LONGEST_WAIT_MS = 5_000;
/** A refusal is our own fault, or theirs, and passes with another release at best. */
const AFTER_REFUSAL_MS = 60_000;

/** The notifications context, through its edge; which channel a message takes, they know. */
export const notificationsAt = (edge: Edge, log: Kernel['log']): Notifications => ({
  async tellUsed({ giftId, accountId, title }, cause) {
    const values = [{ name: 'title', value: title }];
    const about = { type: 'GIFT' as const, id: giftId };
    try {
      await edge.call(
        SendMessageDocument,
        { input: { accountId, template: 'GIFT_USED', values, about, idempotencyKey: `gift-used:${giftId}` } },
        cause,
      );
      return null;
    } catch (why) {
      if (why instanceof Unavailable) return { askAgainInMs: Math.min(why.retryAfterSeconds * 1_000, LONGEST_WAIT_MS), why };
      log.error({ err: why, giftId }, 'notifications refused what they should not');
      return { askAgainInMs: AFTER_REFUSAL_MS, why };
    }
  },
});
