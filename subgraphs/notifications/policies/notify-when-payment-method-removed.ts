import { policy } from '@madang/kernel/domain';
import { PaymentMethodRemoved } from '@madang/payment-methods/events';
import { notification } from './notification.ts';

export const notifyWhenPaymentMethodRemoved = policy('notify-when-payment-method-removed', PaymentMethodRemoved, (event) =>
  notification(event, 'PAYMENT_METHOD_REMOVED', { type: 'PAYMENT_METHOD', id: event.data.paymentMethodId }, event.data),
);
