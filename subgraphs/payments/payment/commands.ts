import { defineCommand, idempotencyKey, reference } from '@madang/kernel/domain';
import { z } from 'zod';

const context = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'must be the name of a context');

/** Charge the payer's default method, once for every (context, reference). */
export const approvePayment = defineCommand(
  'approvePayment',
  z.object({
    accountId: reference,
    context,
    reference,
    amount: z.int().positive('must be at least 1'),
    orderName: z.string().trim().min(1, 'must not be empty').max(100, 'must have at most 100 characters'),
    idempotencyKey,
  }),
);

/** Give back what was charged, once; charge it no more. */
export const cancelPayment = defineCommand('cancelPayment', z.object({ accountId: reference, context, reference, idempotencyKey }));
