import { type Decide, Refused, requireService } from '@madang/kernel/domain';
import type { z } from 'zod';
import { type declineReason, PaymentApproved, PaymentCancelled, PaymentCancelling, PaymentDeclined } from '../events.ts';
import { isTombstone, type Method, type Payment, type PaymentEvent, paymentRequested } from './payment.ts';

interface Wanted {
  readonly accountId: string;
  readonly context: string;
  readonly reference: string;
  readonly idempotencyKey: string;
}

/** What the processor said to a charge. */
export type ChargeOutcome = { readonly approved: true } | { readonly approved: false; readonly reason: z.infer<typeof declineReason> };

export interface Approval extends Wanted {
  /** The id of the payment, should it be a new one. */
  readonly paymentId: string;
  readonly amount: number;
  readonly orderName: string;
  /** The payer's default method; null when there is none. */
  readonly method: Method | null;
}

export type Cancellation = Wanted & { readonly paymentId: string };

/** What is delivered is first to be stopped: a delivery that is through refuses, and the payment stands. */
export const needsDeliveryCancelled = ({ context }: Pick<Payment, 'context'>): boolean => context === 'applications';

const usedOtherwise = (field: string) => new Refused('IDEMPOTENCY_CONFLICT', 'This was used for another payment.', { field });

const of = ({ id, accountId, context, reference, amount }: Payment, now: Date) => ({
  paymentId: id,
  accountId,
  context,
  reference,
  amount,
  at: now.toISOString(),
});

/** Asked for once, it stays as it is, whatever became of it. */
export const decideApprove: Decide<Payment, Approval, PaymentEvent> = (state, input, { now, actor }) => {
  requireService(actor);
  if (state !== null) {
    if (state.reference !== input.reference) throw usedOtherwise('idempotencyKey');
    if (state.accountId !== input.accountId) throw usedOtherwise('reference');
    if (!isTombstone(state) && state.amount !== input.amount) throw usedOtherwise('amount');
    return [];
  }
  const { paymentId, method, ...order } = input;
  if (method === null) throw new Refused('PAYMENT_METHOD_REQUIRED', 'Register a payment method first. 결제수단을 먼저 등록해 주세요.');
  return [paymentRequested({ ...order, id: paymentId, method, requestedAt: now })];
};

/** The processor's answer counts once, and only while somebody still wants the payment. */
export const decideRecordCharge: Decide<Payment, ChargeOutcome, PaymentEvent> = (state, outcome, { now }) => {
  if (state?.status !== 'REQUESTED') return [];
  const { orderName, method } = state;
  if (!outcome.approved) return [PaymentDeclined({ ...of(state, now), reason: outcome.reason })];
  return [PaymentApproved({ ...of(state, now), orderName, method: { kind: method.kind, last4: method.last4 } })];
};

/** Nothing follows yet for an approved one whose delivery is to be stopped first. */
export const decideCancel: Decide<Payment, Cancellation, PaymentEvent> = (state, input, { now, actor }) => {
  requireService(actor);
  if (state === null) {
    const { paymentId, accountId, context, reference } = input;
    return [PaymentCancelled({ paymentId, accountId, context, reference, amount: 0, refunded: 0, at: now.toISOString() })];
  }
  if (state.accountId !== input.accountId) throw usedOtherwise('reference');
  switch (state.status) {
    case 'REQUESTED':
      return [PaymentCancelling(of(state, now))];
    case 'APPROVED':
      return needsDeliveryCancelled(state) ? [] : [PaymentCancelling(of(state, now))];
    case 'DECLINED':
    case 'CANCELLING':
    case 'CANCELLED':
      return [];
  }
};

/** What was paid for is stopped: the money may go back. */
export const decideBeginRefund: Decide<Payment, object, PaymentEvent> = (state, _, { now }) =>
  state?.status === 'APPROVED' ? [PaymentCancelling(of(state, now))] : [];

/** The processor has given back what it had charged, 0 when it had not. */
export const decideRecordRefund: Decide<Payment, { readonly refunded: number }, PaymentEvent> = (state, { refunded }, { now }) =>
  state?.status === 'CANCELLING' ? [PaymentCancelled({ ...of(state, now), refunded })] : [];
