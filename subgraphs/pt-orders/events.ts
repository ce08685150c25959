import { defineEvent, type EventOf, id, instant, krw, reference } from '@madang/kernel/domain';
import { z } from 'zod';

const of = { orderId: id, accountId: reference, at: instant };
const example = {
  orderId: '01936d5e-0000-7000-8000-000000000301',
  accountId: '01900000-0000-7000-8000-000000000001',
  at: '2026-11-20T06:00:00.000Z',
};
const className = '자세 교정 PT';
const assignmentId = '01936d5e-0000-7000-8000-000000000311';
const scheduleId = '01936d5e-0000-7000-8000-000000000321';
const trainerId = '01900000-0000-7000-8000-000000000003';

const ofOrder = { context: 'pt-orders', aggregate: 'pt-order', version: 1, key: (data: { orderId: string }) => data.orderId };

/** A customer ordered a PT class (PT 수강신청). What the class was then stays with the order. */
export const PtOrdered = defineEvent({
  ...ofOrder,
  name: 'PtOrdered',
  payload: z.object({ ...of, classId: reference, className: z.string(), durationMinutes: z.int().positive(), price: krw }),
  examples: [{ ...example, classId: '01936d5e-0000-7000-8000-000000000331', className, durationMinutes: 50, price: 60_000 }],
});

/** The managers have it (접수됨): a trainer is to be assigned. */
export const PtOrderAcknowledged = defineEvent({
  ...ofOrder,
  name: 'PtOrderAcknowledged',
  payload: z.object({ ...of, assignmentId: reference }),
  examples: [{ ...example, assignmentId }],
});

/** A trainer has confirmed when the lesson is (수강 확정). */
export const PtOrderConfirmed = defineEvent({
  ...ofOrder,
  name: 'PtOrderConfirmed',
  payload: z.object({ ...of, className: z.string(), trainerId: reference, scheduleId: reference, lessonAt: instant }),
  examples: [{ ...example, className, trainerId, scheduleId, lessonAt: '2026-11-25T01:00:00.000Z' }],
});

/** The customer wants it cancelled (취소 요청): trainer and schedule are to be freed first. */
export const PtCancellationRequested = defineEvent({
  ...ofOrder,
  name: 'PtCancellationRequested',
  payload: z.object(of),
  examples: [example],
});

/** It cannot be cancelled (취소 거부): the lesson has been held. */
export const PtCancellationRejected = defineEvent({
  ...ofOrder,
  name: 'PtCancellationRejected',
  payload: z.object({ ...of, className: z.string(), status: z.literal('COMPLETED'), reason: z.string() }),
  examples: [{ ...example, className, status: 'COMPLETED', reason: 'LESSON_RESULT_POSTED' }],
});

/** It is cancelled (취소됨), its trainer and its schedule are free. */
export const PtOrderCancelled = defineEvent({
  ...ofOrder,
  name: 'PtOrderCancelled',
  payload: z.object({ ...of, className: z.string() }),
  examples: [{ ...example, className }],
});

/** The lesson has been held and its result posted (수강 완료). */
export const PtOrderCompleted = defineEvent({
  ...ofOrder,
  name: 'PtOrderCompleted',
  payload: z.object({ ...of, className: z.string(), scheduleId: reference }),
  examples: [{ ...example, className, scheduleId }],
});

export type PtOrderEvent =
  | EventOf<typeof PtOrdered>
  | EventOf<typeof PtOrderAcknowledged>
  | EventOf<typeof PtOrderConfirmed>
  | EventOf<typeof PtCancellationRequested>
  | EventOf<typeof PtCancellationRejected>
  | EventOf<typeof PtOrderCancelled>
  | EventOf<typeof PtOrderCompleted>;
