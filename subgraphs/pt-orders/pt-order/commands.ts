import { defineCommand, id, idempotencyKey, instant, reference } from '@madang/kernel/domain';
import { z } from 'zod';

export const orderPt = defineCommand('orderPt', z.object({ classId: id, idempotencyKey: idempotencyKey.nullish() }));

export const cancelPtOrder = defineCommand('cancelPtOrder', z.object({ orderId: id }));

const of = { orderId: reference };

/** Takes down what managers and trainers tell. */
export const followPtOrder = defineCommand(
  'followPtOrder',
  z.discriminatedUnion('progress', [
    z.object({ ...of, progress: z.literal('ACCEPTED'), assignmentId: reference }),
    z.object({ ...of, progress: z.literal('TRAINER_ASSIGNED'), trainerId: reference }),
    z.object({ ...of, progress: z.enum(['CONFIRMED', 'RESULT_POSTED']), trainerId: reference, scheduleId: reference, lessonAt: instant }),
    z.object({ ...of, progress: z.literal('CANCELLED') }),
    z.object({ ...of, progress: z.literal('CANCEL_REFUSED'), reason: z.string() }),
  ]),
);
