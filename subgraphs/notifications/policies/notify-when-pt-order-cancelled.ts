import { policy } from '@madang/kernel/domain';
import { PtOrderCancelled } from '@madang/pt-orders/events';
import { notification } from './notification.ts';

export const notifyWhenPtOrderCancelled = policy('notify-when-pt-order-cancelled', PtOrderCancelled, (event) =>
  notification(event, 'PT_ORDER_CANCELLED', { type: 'PT_ORDER', id: event.data.orderId }, event.data),
);
