import { policy } from '@madang/kernel/domain';
import { PaymentApproved } from '@madang/payments/events';
import { notification } from './notification.ts';

export const notifyWhenPaymentApproved = policy('notify-when-payment-approved', PaymentApproved, (event) =>
  notification(event, 'PAYMENT_APPROVED', { type: 'PAYMENT', id: event.data.paymentId }, { ...event.data, ...event.data.method }),
);
