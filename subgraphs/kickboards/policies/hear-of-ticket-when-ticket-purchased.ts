import { policy } from '@madang/kernel/domain';
import { TicketPurchased } from '@madang/tickets/events';

/** It can be rented with, also while tickets are away. */
export const hearOfTicketWhenTicketPurchased = policy('hear-of-ticket-when-ticket-purchased', TicketPurchased, ({ data }) => ({
  ...data,
  status: 'AVAILABLE' as const,
}));
