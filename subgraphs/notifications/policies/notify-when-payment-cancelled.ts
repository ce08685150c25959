import { policy } from '@madang/kernel/domain';
import { PaymentCancelled } from '@madang/payments/events';
import { notification } from './notification.ts';

/** Where nothing had been charged there is nothing to tell of. */
export const notifyWhenPaymentCancelled = policy('notify-when-payment-cancelled', PaymentCancelled, (event) => {
  if (event.data.refunded === 0) return null;
  return notification(event, 'PAYMENT_CANCELLED', { type: 'PAYMENT', id: event.data.paymentId }, event.data);
});
