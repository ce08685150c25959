import { policy } from '@madang/kernel/domain';
import { PaymentCancelled } from '@madang/payments/events';

/** What is not paid any more is no ticket any more. */
export const followPaymentWhenPaymentCancelled = policy('follow-payment-when-payment-cancelled', PaymentCancelled, ({ data }) =>
  data.context === 'tickets' ? { ticketId: data.reference } : null,
);
