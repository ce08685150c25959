import { defineCommand, idempotencyKey } from '@madang/kernel/domain';
import { z } from 'zod';

const text = (most: number) => z.string().trim().min(1, 'must not be empty').max(most, `must be at most ${most} characters`);

export const createMission = defineCommand(
  'createMission',
  z.object({
    title: text(100),
    description: text(500),
    points: z.int().min(1, 'must be at least 1').max(1_000_000, 'must be at most 1,000,000'),
    idempotencyKey: idempotencyKey.nullish(),
  }),
);
