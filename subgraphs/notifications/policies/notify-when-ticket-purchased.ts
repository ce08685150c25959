import { policy } from '@madang/kernel/domain';
import { TicketPurchased } from '@madang/tickets/events';
import { notification } from './notification.ts';

/** What it is good for; what was paid is told by the payment. */
export const notifyWhenTicketPurchased = policy('notify-when-ticket-purchased', TicketPurchased, (event) =>
  notification(event, 'TICKET_PURCHASED', { type: 'TICKET', id: event.data.ticketId }, event.data),
);
