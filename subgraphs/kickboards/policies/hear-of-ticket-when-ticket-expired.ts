import { policy } from '@madang/kernel/domain';
import { TicketExpired } from '@madang/tickets/events';

/** Nothing can be rented with it any more. */
export const hearOfTicketWhenTicketExpired = policy('hear-of-ticket-when-ticket-expired', TicketExpired, ({ data }) => ({
  ...data,
  status: 'EXPIRED' as const,
}));
