import { defineCommand, id, idempotencyKey, reference } from '@madang/kernel/domain';
import { z } from 'zod';

/** Nothing that a database, or a clock, would choke on; `decide.ts` is stricter. */
const YEARS = [new Date('2000-01-01T00:00:00Z'), new Date('9000-01-01T00:00:00Z')] as const;

/** By policy: a trainer is assigned. */
export const requestSchedule = defineCommand(
  'requestSchedule',
  z.object({
    accountId: reference,
    orderId: reference,
    trainerId: reference,
    classId: reference,
    className: z.string(),
    durationMinutes: z.int().positive(),
  }),
);

export const confirmSchedule = defineCommand(
  'confirmSchedule',
  z.object({
    scheduleId: id,
    at: z.date('must be an instant with an offset').min(YEARS[0], 'must not be in the past').max(YEARS[1], 'must be within a year'),
  }),
);

export const postLessonResult = defineCommand(
  'postLessonResult',
  z.object({
    scheduleId: id,
    result: z
      .string()
      .trim()
      .min(1, 'must not be empty')
      .max(2_000, 'must be at most 2000 characters')
      .regex(/^(?:[\t\n\r]|[^\p{Cc}\p{Cs}])*$/u, 'must not have control characters other than line breaks'),
  }),
);

export const cancelSchedule = defineCommand('cancelSchedule', z.object({ accountId: reference, orderId: reference, idempotencyKey }));
