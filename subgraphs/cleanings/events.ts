import { defineEvent, type EventOf, id, instant, reference } from '@madang/kernel/domain';
import { z } from 'zod';

const of = { cleaningId: id, accountId: reference, reservationId: reference, at: instant };
const example = {
  cleaningId: '01936d5e-0000-7000-8000-0000000000f1',
  accountId: '01900000-0000-7000-8000-000000000001',
  reservationId: '01936d5e-0000-7000-8000-0000000000e1',
  at: '2026-11-20T06:00:00.000Z',
};

const ofCleaning = { context: 'cleanings', aggregate: 'cleaning', version: 1, key: (data: { cleaningId: string }) => data.cleaningId };

/** A reservation is to be cleaned (청소 요청); a manager is to confirm it. */
export const CleaningRequested = defineEvent({
  ...ofCleaning,
  name: 'CleaningRequested',
  payload: z.object({ ...of, title: z.string(), place: z.string(), cleaningAt: instant }),
  examples: [{ ...example, title: '원룸 청소', place: '서울특별시 마포구 월드컵북로 1, 302호', cleaningAt: '2026-11-25T01:00:00.000Z' }],
});

/** A manager has confirmed it (청소 확정). */
export const CleaningConfirmed = defineEvent({
  ...ofCleaning,
  name: 'CleaningConfirmed',
  payload: z.object(of),
  examples: [example],
});

/** It has been cleaned (청소 완료). */
export const CleaningCompleted = defineEvent({
  ...ofCleaning,
  name: 'CleaningCompleted',
  payload: z.object(of),
  examples: [example],
});

/** It will not be cleaned (청소 취소). `started` is false when it was cancelled before it was requested: it never will be. */
export const CleaningCancelled = defineEvent({
  ...ofCleaning,
  name: 'CleaningCancelled',
  payload: z.object({ ...of, started: z.boolean() }),
  examples: [{ ...example, started: true }],
});

/** It cannot be cancelled (취소 거부): it has been cleaned. */
export const CleaningCancelRefused = defineEvent({
  ...ofCleaning,
  name: 'CleaningCancelRefused',
  payload: z.object({ ...of, reason: z.string() }),
  examples: [{ ...example, reason: 'ALREADY_DONE' }],
});

export type CleaningEvent =
  | EventOf<typeof CleaningRequested>
  | EventOf<typeof CleaningConfirmed>
  | EventOf<typeof CleaningCompleted>
  | EventOf<typeof CleaningCancelled>
  | EventOf<typeof CleaningCancelRefused>;
