import { policy } from '@madang/kernel/domain';
import { PaymentDeclined } from '@madang/payments/events';

/** The answer to our own call may have been lost; the event is not. */
export const settlePaymentWhenPaymentDeclined = policy('settle-payment-when-payment-declined', PaymentDeclined, ({ data }) =>
  data.context === 'applications'
    ? { applicationId: data.reference, outcome: { kind: 'DECLINED' as const, paymentId: data.paymentId, reason: data.reason } }
    : null,
);
