import { policy } from '@madang/kernel/domain';
import { PaymentMethodChanged } from '@madang/payment-methods/events';
import { notification } from './notification.ts';

/** The default moves from one method to another with an event of each: the one that becomes it is told. */
export const notifyWhenPaymentMethodChanged = policy('notify-when-payment-method-changed', PaymentMethodChanged, (event) => {
  const { change, isDefault, paymentMethodId } = event.data;
  if (change === 'DEFAULT' && !isDefault) return null;
  const template = change === 'DEFAULT' ? 'PAYMENT_METHOD_MADE_DEFAULT' : 'PAYMENT_METHOD_CHANGED';
  return notification(event, template, { type: 'PAYMENT_METHOD', id: paymentMethodId }, event.data);
});
