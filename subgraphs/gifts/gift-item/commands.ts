import { defineCommand, idempotencyKey } from '@madang/kernel/domain';
import { z } from 'zod';

const text = (most: number) => z.string().trim().min(1, 'must not be empty').max(most, `must be at most ${most} characters`);
const whole = (most: number, said: string) => z.int().min(1, 'must be at least 1').max(most, `must be at most ${said}`);

export const registerGiftItem = defineCommand(
  'registerGiftItem',
  z.object({
    title: text(100),
    description: text(1_000),
    points: whole(10_000_000, '10,000,000'),
    stock: whole(1_000_000, '1,000,000')
      .nullish()
      .transform((stock) => stock ?? null),
    idempotencyKey: idempotencyKey.nullish(),
  }),
);
