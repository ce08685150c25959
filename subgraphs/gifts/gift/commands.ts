import { defineCommand, id, idempotencyKey, reference } from '@madang/kernel/domain';
import { z } from 'zod';

/** Internal: the exchange's id is what makes it one request. */
export const issueGift = defineCommand(
  'issueGift',
  z.object({ accountId: reference, exchangeId: reference, giftItemId: id, points: z.int().positive(), idempotencyKey }),
);

/** Internal: the exchange's id is what makes it one request. */
export const activateGift = defineCommand('activateGift', z.object({ accountId: reference, exchangeId: reference, idempotencyKey }));

/** Internal: the exchange's id is what makes it one request. */
export const voidGift = defineCommand('voidGift', z.object({ accountId: reference, exchangeId: reference, idempotencyKey }));

export const useGift = defineCommand('useGift', z.object({ giftId: id }));
