import { defineCommand, id, instant, reference } from '@madang/kernel/domain';
import { z } from 'zod';

/** By policy: a class was ordered. */
export const acceptOrder = defineCommand(
  'acceptOrder',
  z.object({
    accountId: reference,
    orderId: reference,
    classId: reference,
    className: z.string(),
    durationMinutes: z.int().positive(),
  }),
);

export const assignTrainer = defineCommand('assignTrainer', z.object({ orderId: id, trainerId: id }));

/** By policy: the trainer has confirmed when the lesson is. */
export const confirmAssignment = defineCommand(
  'confirmAssignment',
  z.object({ orderId: reference, scheduleId: reference, trainerId: reference, lessonAt: instant }),
);

/** By policy: the customer wants it cancelled. */
export const cancelAssignment = defineCommand('cancelAssignment', z.object({ accountId: reference, orderId: reference }));
