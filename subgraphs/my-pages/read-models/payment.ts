import * as payments from '@madang/payments/events';
import type { PaymentStatus } from '../generated/prisma/client.ts';
import { lifecycle } from './lifecycle.ts';
import { type Projection, projectionsOf, type Row } from './view.ts';

/** A row of something that is paid for. */
export interface PaidRow extends Row {
  readonly paymentId: string | null;
  readonly paymentStatus: PaymentStatus | null;
  readonly refunded: number;
}

const on = projectionsOf<PaidRow>();
const status = lifecycle('paymentStatus', { APPROVED: 0, DECLINED: 1, CANCELLING: 2, CANCELLED: 3 });

/** What payments tell of the things of one context: those are its references. */
export function paymentsOf(context: string): Projection<PaidRow>[] {
  const paidFor = (data: { readonly context: string; readonly reference: string }) => (data.context === context ? data.reference : null);
  return [
    on(payments.PaymentApproved, paidFor, (row, { paymentId }) => ({ paymentId, ...status(row, 'APPROVED') })),
    on(payments.PaymentDeclined, paidFor, (row, { paymentId }) => ({ paymentId, ...status(row, 'DECLINED') })),
    on(payments.PaymentCancelling, paidFor, (row, { paymentId }) => ({ paymentId, ...status(row, 'CANCELLING') })),
    on(payments.PaymentCancelled, paidFor, (row, { paymentId, refunded }) => ({
      paymentId,
      ...status(row, 'CANCELLED'),
      refunded: Math.max(row.refunded, refunded),
    })),
  ];
}
