import { defineEvent, type EventOf, id, instant, krw, reference } from '@madang/kernel/domain';
import { z } from 'zod';

/** Where textbooks are delivered to, as events carry it. */
const address = z.object({
  recipient: z.string(),
  phone: z.string(),
  postalCode: z.string(),
  line1: z.string(),
  line2: z.string().optional(),
});

const of = { applicationId: id, accountId: reference, at: instant };
const ordered = { bookId: id, title: z.string(), quantity: z.int().positive(), amount: krw, address };

const example = {
  applicationId: '01936d5e-0000-7000-8000-0000000000a1',
  accountId: '01900000-0000-7000-8000-000000000001',
  at: '2026-11-20T06:00:00.000Z',
};
const order = {
  bookId: '01900000-0000-7000-8000-0000000b0001',
  title: '수학의 기초',
  quantity: 2,
  amount: 36_000,
  address: { recipient: '김하늘', phone: '010-1234-5678', postalCode: '04524', line1: '서울특별시 중구 세종대로 110', line2: '3층' },
};
const paymentId = '01936d5e-0000-7000-8000-0000000000c1';
const deliveryId = '01936d5e-0000-7000-8000-0000000000d1';

const ofApplication = {
  context: 'applications',
  aggregate: 'textbook-application',
  version: 1,
  key: (data: { applicationId: string }) => data.applicationId,
};

/** A student applied for a textbook (신청됨); it is still to be paid. */
export const TextbookApplied = defineEvent({
  ...ofApplication,
  name: 'TextbookApplied',
  payload: z.object({ ...of, ...ordered }),
  examples: [{ ...example, ...order }],
});

/** Payments are slow or down (결제 지연): it is paid by itself later. */
export const TextbookPaymentDeferred = defineEvent({
  ...ofApplication,
  name: 'TextbookPaymentDeferred',
  payload: z.object(of),
  examples: [example],
});

/** It is paid (결제 완료); all that a delivery needs. */
export const TextbookApplicationPaid = defineEvent({
  ...ofApplication,
  name: 'TextbookApplicationPaid',
  payload: z.object({ ...of, paymentId: reference, ...ordered }),
  examples: [{ ...example, paymentId, ...order }],
});

/** It could not be paid (거절, 만료). `kept` is false when the student was told so at once and must not see it. */
export const TextbookApplicationRejected = defineEvent({
  ...ofApplication,
  name: 'TextbookApplicationRejected',
  payload: z.object({
    ...of,
    status: z.enum(['REJECTED', 'EXPIRED']),
    reason: z.string(),
    kept: z.boolean(),
    paymentId: reference.optional(),
  }),
  examples: [{ ...example, status: 'REJECTED', reason: 'INSUFFICIENT_FUNDS', kept: true, paymentId }],
});

/** The student wants it cancelled (취소 요청); whether it is, payments and deliveries say. */
export const TextbookCancellationRequested = defineEvent({
  ...ofApplication,
  name: 'TextbookCancellationRequested',
  payload: z.object(of),
  examples: [example],
});

/** The books are on their way (배송 중). */
export const TextbookApplicationDelivering = defineEvent({
  ...ofApplication,
  name: 'TextbookApplicationDelivering',
  payload: z.object({ ...of, deliveryId: reference }),
  examples: [{ ...example, deliveryId }],
});

/** The books have been handed over (배송 완료). */
export const TextbookApplicationDelivered = defineEvent({
  ...ofApplication,
  name: 'TextbookApplicationDelivered',
  payload: z.object({ ...of, deliveryId: reference }),
  examples: [{ ...example, deliveryId }],
});

/** It cannot be cancelled (취소 거절): it is, or has meanwhile been, delivered; the payment stands. */
export const TextbookCancellationRejected = defineEvent({
  ...ofApplication,
  name: 'TextbookCancellationRejected',
  payload: z.object({ ...of, status: z.literal('DELIVERED'), reason: z.string(), deliveryId: reference.optional() }),
  examples: [{ ...example, status: 'DELIVERED', reason: 'ALREADY_DELIVERED', deliveryId }],
});

/** It is cancelled (취소됨): delivery and payment are, or there was nothing to pay. */
export const TextbookApplicationCancelled = defineEvent({
  ...ofApplication,
  name: 'TextbookApplicationCancelled',
  payload: z.object({ ...of, paymentId: reference.optional() }),
  examples: [{ ...example, paymentId }],
});

export type TextbookApplicationEvent =
  | EventOf<typeof TextbookApplied>
  | EventOf<typeof TextbookPaymentDeferred>
  | EventOf<typeof TextbookApplicationPaid>
  | EventOf<typeof TextbookApplicationRejected>
  | EventOf<typeof TextbookCancellationRequested>
  | EventOf<typeof TextbookApplicationDelivering>
  | EventOf<typeof TextbookApplicationDelivered>
  | EventOf<typeof TextbookCancellationRejected>
  | EventOf<typeof TextbookApplicationCancelled>;
