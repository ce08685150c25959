import { policy } from '@madang/kernel/domain';
import { PaymentMethodRegistered } from '@madang/payment-methods/events';
import { notification } from './notification.ts';

export const notifyWhenPaymentMethodRegistered = policy('notify-when-payment-method-registered', PaymentMethodRegistered, (event) =>
  notification(event, 'PAYMENT_METHOD_REGISTERED', { type: 'PAYMENT_METHOD', id: event.data.paymentMethodId }, event.data),
);
