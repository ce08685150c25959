import { policy } from '@madang/kernel/domain';
import { PtCancellationRejected } from '@madang/pt-orders/events';
import { notification } from './notification.ts';

export const notifyWhenPtCancellationRejected = policy('notify-when-pt-cancellation-rejected', PtCancellationRejected, (event) =>
  notification(event, 'PT_CANCELLATION_REJECTED', { type: 'PT_ORDER', id: event.data.orderId }, event.data),
);
