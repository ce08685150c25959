import { type Cause, type IntentHandler, type Kernel, RetryLater } from '@madang/kernel/context';
import type { Intent } from '@madang/kernel/prisma';
import type { GiftsConfig } from './config.ts';
import type { Gift } from './gift/gift.ts';
import type { Notifications, UsedGift } from './ports.ts';

export interface TellingParts {
  readonly notifications: Notifications;
  readonly config: GiftsConfig;
}

const SEND = 'send-message';

/** Not all at once when notifications come back. */
const jittered = (ms: number): number => Math.round(ms * (0.8 + Math.random() * 0.2));

export type Telling = ReturnType<typeof telling>;

/** Having the owner of a used gift told so: in the request, or afterwards when notifications are away. */
export function telling(kernel: Kernel, { notifications, config }: TellingParts) {
  const payload = ({ accountId, present }: Gift) => ({ accountId, title: present?.title ?? '' });

  const intents: Record<string, IntentHandler> = {
    async [SEND]({ key: giftId, payload: about }, cause) {
      const unknown = await notifications.tellUsed({ giftId, ...(about as Omit<UsedGift, 'giftId'>) }, cause);
      if (unknown) throw new RetryLater(jittered(unknown.askAgainInMs), 'the message is not sent yet', unknown.why);
      await kernel.commit(cause, { close: [{ kind: SEND, key: giftId }] });
    },
  };

  return {
    intents,
    /** What is stored with a gift that is used. */
    message: (gift: Gift): Intent => ({ kind: SEND, key: gift.id, payload: payload(gift), dueInMs: config.GIFTS_MESSAGE_LEASE_MS }),

    /** Sends it now; what comes in between does not concern the gift: the message follows. */
    async tell(gift: Gift, cause: Cause): Promise<void> {
      try {
        await kernel.runIntent(SEND, gift.id, payload(gift), cause);
      } catch (error) {
        kernel.log.debug({ err: error, giftId: gift.id }, 'the message follows');
      }
    },
  };
}
