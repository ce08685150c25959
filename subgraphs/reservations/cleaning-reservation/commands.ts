import { defineCommand, id, idempotencyKey, reference } from '@madang/kernel/domain';
import { z } from 'zod';

export const reserveCleaning = defineCommand(
  'reserveCleaning',
  z.object({
    planId: id,
    place: z.string().trim().min(1, 'must not be empty').max(200, 'must be at most 200 characters'),
    at: z.date('must be an instant with an offset'),
    idempotencyKey: idempotencyKey.nullish(),
  }),
);

export const cancelCleaningReservation = defineCommand('cancelCleaningReservation', z.object({ reservationId: id }));

/** Takes down what payments tell. */
export const settlePayment = defineCommand(
  'settlePayment',
  z.object({ reservationId: reference, paymentId: reference, outcome: z.enum(['APPROVED', 'CANCELLED']) }),
);

/** Takes down what cleanings tell. */
export const followCleaning = defineCommand(
  'followCleaning',
  z.discriminatedUnion('progress', [
    z.object({ reservationId: reference, progress: z.enum(['CONFIRMED', 'DONE']) }),
    z.object({ reservationId: reference, progress: z.literal('CANCEL_REFUSED'), reason: z.string() }),
  ]),
);
