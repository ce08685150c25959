import { policy } from '@madang/kernel/domain';
import { PaymentCancelled } from '@madang/payments/events';

/** The cleaning was called off before, and the money is back: only now a reservation is cancelled. */
export const settlePaymentWhenPaymentCancelled = policy('settle-payment-when-payment-cancelled', PaymentCancelled, ({ data }) =>
  data.context === 'reservations' ? { reservationId: data.reference, paymentId: data.paymentId, outcome: 'CANCELLED' as const } : null,
);
