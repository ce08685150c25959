import { defineCommand, id, idempotencyKey, reference } from '@madang/kernel/domain';
import { z } from 'zod';

export const exchangeGift = defineCommand('exchangeGift', z.object({ giftItemId: id, idempotencyKey: idempotencyKey.nullish() }));

/** By policy: a reward was granted. */
export const creditWallet = defineCommand(
  'creditWallet',
  z.object({ accountId: reference, rewardId: reference, title: z.string(), points: z.int().positive() }),
);

/** By policy: points can be exchanged for it, at this price. */
export const noteGiftItem = defineCommand(
  'noteGiftItem',
  z.object({ giftItemId: id, title: z.string(), points: z.int().positive(), registeredAt: z.coerce.date() }),
);
