import { policy } from '@madang/kernel/domain';
import { PaymentCancelled } from '@madang/payments/events';

/** Payments has cancelled the delivery first: only now an application is cancelled. */
export const settlePaymentWhenPaymentCancelled = policy('settle-payment-when-payment-cancelled', PaymentCancelled, ({ data }) =>
  data.context === 'applications'
    ? { applicationId: data.reference, outcome: { kind: 'CANCELLED' as const, paymentId: data.paymentId } }
    : null,
);
