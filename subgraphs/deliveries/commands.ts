import { defineCommand, id, idempotencyKey, reference } from '@madang/kernel/domain';
import { z } from 'zod';

const address = z.object({
  recipient: z.string(),
  phone: z.string(),
  postalCode: z.string(),
  line1: z.string(),
  line2: z.string().optional(),
});

/** By policy: the application's books are paid. */
export const startDelivery = defineCommand(
  'startDelivery',
  z.object({ accountId: reference, applicationId: reference, title: z.string(), quantity: z.int().positive(), address }),
);

export const cancelDelivery = defineCommand('cancelDelivery', z.object({ accountId: reference, applicationId: reference, idempotencyKey }));

export const completeDelivery = defineCommand('completeDelivery', z.object({ deliveryId: id }));
