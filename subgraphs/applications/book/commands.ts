import { defineCommand, idempotencyKey } from '@madang/kernel/domain';
import { z } from 'zod';

const text = (most: number) => z.string().trim().min(1, 'must not be empty').max(most, `must be at most ${most} characters`);

/** The last digit of an ISBN-13 makes its digits, every second one times three, a multiple of ten. */
const checks = (isbn: string) => [...isbn].reduce((sum, digit, at) => sum + Number(digit) * (at % 2 === 0 ? 1 : 3), 0) % 10 === 0;

const isbn = z
  .string()
  .transform((written) => written.replaceAll(/[\s-]/g, ''))
  .pipe(
    z
      .string()
      .regex(/^97[89]\d{10}$/, 'must be an ISBN-13')
      .refine(checks, 'is not an ISBN: a digit is wrong'),
  );

export const registerBook = defineCommand(
  'registerBook',
  z.object({
    isbn,
    title: text(200),
    author: text(100),
    publisher: text(100),
    price: z.int().min(1, 'must be at least 1').max(10_000_000, 'must be at most 10,000,000'),
    idempotencyKey: idempotencyKey.nullish(),
  }),
);
