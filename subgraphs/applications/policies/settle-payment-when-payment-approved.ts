import { policy } from '@madang/kernel/domain';
import { PaymentApproved } from '@madang/payments/events';

/** The answer to our own call may have been lost; the event is not. */
export const settlePaymentWhenPaymentApproved = policy('settle-payment-when-payment-approved', PaymentApproved, ({ data }) =>
  data.context === 'applications'
    ? { applicationId: data.reference, outcome: { kind: 'APPROVED' as const, paymentId: data.paymentId } }
    : null,
);
