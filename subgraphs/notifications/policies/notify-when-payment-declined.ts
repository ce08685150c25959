import { policy } from '@madang/kernel/domain';
import { PaymentDeclined } from '@madang/payments/events';
import { notification } from './notification.ts';

/** Contexts whose own event tells the customer of a declined payment: that one is notified instead. */
const TELL_THEMSELVES = new Set(['applications']);

export const notifyWhenPaymentDeclined = policy('notify-when-payment-declined', PaymentDeclined, (event) => {
  if (TELL_THEMSELVES.has(event.data.context)) return null;
  return notification(event, 'PAYMENT_DECLINED', { type: 'PAYMENT', id: event.data.paymentId }, event.data);
});
