import { policy } from '@madang/kernel/domain';
import { PtOrderConfirmed } from '@madang/pt-orders/events';
import { notification } from './notification.ts';

export const notifyWhenPtOrderConfirmed = policy('notify-when-pt-order-confirmed', PtOrderConfirmed, (event) =>
  notification(event, 'PT_ORDER_CONFIRMED', { type: 'PT_ORDER', id: event.data.orderId }, event.data),
);
