import type { Payment as PaymentRow } from '../generated/prisma/client.ts';
import { isTombstone, type Method, type Payment } from '../payment/payment.ts';

export type { PaymentRow };

/** A row as the payment that it keeps. @throws TypeError for a row that no payment is kept as */
export function paymentOf(row: PaymentRow): Payment {
  const {
    id,
    accountId,
    context,
    reference,
    requestedAt,
    amount,
    orderName,
    idempotencyKey,
    approvedAt,
    cancelledAt,
    refunded,
    declineReason,
  } = row;
  const of = { id, accountId, context, reference, requestedAt };
  const method = methodOf(row);
  if (orderName === null || method === null || idempotencyKey === null) {
    if (row.status !== 'CANCELLED' || cancelledAt === null) throw new TypeError(`payment ${id} is broken`);
    return { ...of, status: 'CANCELLED', amount: 0, orderName: null, refunded: 0, cancelledAt };
  }
  const order = { ...of, amount, orderName, method, idempotencyKey };
  switch (row.status) {
    case 'REQUESTED':
      return { ...order, status: 'REQUESTED' };
    case 'APPROVED':
      return { ...order, status: 'APPROVED', approvedAt: approvedAt ?? requestedAt };
    case 'DECLINED':
      return { ...order, status: 'DECLINED', declineReason: declineReason ?? 'DO_NOT_HONOR' };
    case 'CANCELLING':
      return { ...order, status: 'CANCELLING', approvedAt };
    case 'CANCELLED':
      return { ...order, status: 'CANCELLED', approvedAt, refunded, cancelledAt: cancelledAt ?? requestedAt };
  }
}

function methodOf({ methodKind: kind, methodLast4: last4, billingKeyId, billingKeyRevision }: PaymentRow): Method | null {
  if (kind === null || last4 === null || billingKeyId === null || billingKeyRevision === null) return null;
  return { kind, last4, billingKeyId, billingKeyRevision };
}

/** A payment as the row that keeps it; `version` is the statement's. */
export function rowOf(payment: Payment): Omit<PaymentRow, 'version'> {
  const { id, accountId, context, reference, requestedAt, status, amount, orderName } = payment;
  const ordered = isTombstone(payment) ? null : payment;
  return {
    id,
    accountId,
    context,
    reference,
    idempotencyKey: ordered?.idempotencyKey ?? null,
    amount,
    orderName,
    methodKind: ordered?.method.kind ?? null,
    methodLast4: ordered?.method.last4 ?? null,
    billingKeyId: ordered?.method.billingKeyId ?? null,
    billingKeyRevision: ordered?.method.billingKeyRevision ?? null,
    status,
    declineReason: 'declineReason' in payment ? payment.declineReason : null,
    refunded: 'refunded' in payment ? payment.refunded : 0,
    requestedAt,
    approvedAt: 'approvedAt' in payment ? payment.approvedAt : null,
    cancelledAt: 'cancelledAt' in payment ? payment.cancelledAt : null,
  };
}
