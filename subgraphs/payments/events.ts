import { defineEvent, type EventOf, id, instant, krw, reference } from '@madang/kernel/domain';
import { z } from 'zod';

/** What can be charged. */
export const chargedMethodKind = z.enum(['CREDIT_CARD', 'DEBIT_CARD', 'BANK_ACCOUNT']);
const method = z.object({ kind: chargedMethodKind, last4: z.string().regex(/^\d{4}$/) });

/** Why a charge was declined. */
export const declineReason = z.enum(['INSUFFICIENT_FUNDS', 'LIMIT_EXCEEDED', 'LOST_OR_STOLEN', 'DO_NOT_HONOR', 'METHOD_REMOVED']);

const of = {
  paymentId: id,
  accountId: reference,
  /** Who asked for it: `applications`; and that context's own id. */
  context: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/),
  reference,
  amount: krw,
  at: instant,
};

const example = {
  paymentId: '01936d5e-0000-7000-8000-0000000000c1',
  accountId: '01900000-0000-7000-8000-000000000001',
  context: 'applications',
  reference: '01936d5e-0000-7000-8000-0000000000a1',
  amount: 36_000,
  at: '2026-11-20T06:00:00.000Z',
};

const ofPayment = { context: 'payments', aggregate: 'payment', version: 1, key: (data: { paymentId: string }) => data.paymentId };

/** The payer was charged (결제 승인). */
export const PaymentApproved = defineEvent({
  ...ofPayment,
  name: 'PaymentApproved',
  payload: z.object({ ...of, orderName: z.string(), method }),
  examples: [{ ...example, orderName: '수학의 정석 기본편 2권', method: { kind: 'CREDIT_CARD', last4: '4242' } }],
});

/** The charge was refused (결제 거절): nothing was taken. */
export const PaymentDeclined = defineEvent({
  ...ofPayment,
  name: 'PaymentDeclined',
  payload: z.object({ ...of, reason: declineReason }),
  examples: [{ ...example, reason: 'INSUFFICIENT_FUNDS' }],
});

/** It is going to be cancelled (결제 취소 중): whatever was charged is being given back. */
export const PaymentCancelling = defineEvent({
  ...ofPayment,
  name: 'PaymentCancelling',
  payload: z.object(of),
  examples: [example],
});

/** It is cancelled (결제 취소). `refunded` was given back: 0 when nothing had been charged; `amount` is 0 when the cancellation came before the payment. */
export const PaymentCancelled = defineEvent({
  ...ofPayment,
  name: 'PaymentCancelled',
  payload: z.object({ ...of, refunded: krw }),
  examples: [
    { ...example, refunded: 36_000 },
    { ...example, amount: 0, refunded: 0 },
  ],
});

/** All that payments publishes. */
export type PublishedPaymentEvent =
  | EventOf<typeof PaymentApproved>
  | EventOf<typeof PaymentDeclined>
  | EventOf<typeof PaymentCancelling>
  | EventOf<typeof PaymentCancelled>;
