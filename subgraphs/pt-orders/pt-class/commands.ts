import { defineCommand, idempotencyKey } from '@madang/kernel/domain';
import { z } from 'zod';

const text = (most: number) => z.string().trim().min(1, 'must not be empty').max(most, `must be at most ${most} characters`);

export const registerPtClass = defineCommand(
  'registerPtClass',
  z.object({
    name: text(100),
    description: text(500),
    durationMinutes: z.int().min(10, 'must be at least 10').max(240, 'must be at most 240'),
    price: z.int().min(0, 'must be at least 0').max(10_000_000, 'must be at most 10,000,000'),
    idempotencyKey: idempotencyKey.nullish(),
  }),
);
