import { TextbookPaymentDeferred } from '@madang/applications/events';
import { policy } from '@madang/kernel/domain';
import { notification } from './notification.ts';

export const notifyWhenTextbookPaymentDeferred = policy('notify-when-textbook-payment-deferred', TextbookPaymentDeferred, (event) =>
  notification(event, 'TEXTBOOK_PAYMENT_DEFERRED', { type: 'TEXTBOOK_APPLICATION', id: event.data.applicationId }),
);
