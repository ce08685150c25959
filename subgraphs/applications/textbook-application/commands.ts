import { defineCommand, id, idempotencyKey, reference } from '@madang/kernel/domain';
import { z } from 'zod';

const text = (most: number) => z.string().trim().min(1, 'must not be empty').max(most, `must be at most ${most} characters`);

const address = z.object({
  recipient: text(50),
  phone: z
    .string()
    .trim()
    .regex(/^0\d{1,2}-?\d{3,4}-?\d{4}$/, 'must be a Korean telephone number'),
  postalCode: z
    .string()
    .trim()
    .regex(/^\d{5}$/, 'must be five digits'),
  line1: text(200),
  line2: z
    .string()
    .trim()
    .max(200, 'must be at most 200 characters')
    .nullish()
    .transform((line) => line || undefined)
    .optional(),
});

export const applyForTextbook = defineCommand(
  'applyForTextbook',
  z.object({
    bookId: id,
    quantity: z.int().min(1, 'must be at least 1').max(100, 'must be at most 100'),
    address,
    idempotencyKey: idempotencyKey.nullish(),
  }),
);

export const cancelTextbookApplication = defineCommand('cancelTextbookApplication', z.object({ applicationId: id }));

const outcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('APPROVED'), paymentId: reference }),
  z.object({ kind: z.literal('DECLINED'), paymentId: reference, reason: z.string() }),
  /** It is being cancelled: CANCELLED follows. */
  z.object({ kind: z.literal('CANCELLING'), paymentId: reference }),
  z.object({ kind: z.literal('CANCELLED'), paymentId: reference }),
  /** No payment was made. `told`: the student gets that refusal as the answer. */
  z.object({ kind: z.literal('REFUSED'), reason: z.string(), told: z.boolean() }),
]);

/** What payments decided, known from an answer or from an event. */
export type PaymentOutcome = z.infer<typeof outcome>;

/** Takes down how the payment ended. */
export const settlePayment = defineCommand('settlePayment', z.object({ applicationId: reference, outcome }));

/** Takes down how far the delivery is. */
export const followDelivery = defineCommand(
  'followDelivery',
  z.object({ applicationId: reference, deliveryId: reference, progress: z.enum(['STARTED', 'COMPLETED']) }),
);
