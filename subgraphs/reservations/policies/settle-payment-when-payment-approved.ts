import { policy } from '@madang/kernel/domain';
import { PaymentApproved } from '@madang/payments/events';

/** The answer to our own call may have been lost; the event is not. What nobody waits for any more is given back. */
export const settlePaymentWhenPaymentApproved = policy('settle-payment-when-payment-approved', PaymentApproved, ({ data }) =>
  data.context === 'reservations' ? { reservationId: data.reference, paymentId: data.paymentId, outcome: 'APPROVED' as const } : null,
);
