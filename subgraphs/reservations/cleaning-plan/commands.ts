import { defineCommand, idempotencyKey } from '@madang/kernel/domain';
import { z } from 'zod';

const text = (most: number) => z.string().trim().min(1, 'must not be empty').max(most, `must be at most ${most} characters`);

export const registerCleaningPlan = defineCommand(
  'registerCleaningPlan',
  z.object({
    name: text(100),
    description: text(500),
    minutes: z.int().min(10, 'must be at least 10').max(1_440, 'must be at most 1,440'),
    price: z.int().min(1, 'must be at least 1').max(10_000_000, 'must be at most 10,000,000'),
    idempotencyKey: idempotencyKey.nullish(),
  }),
);
