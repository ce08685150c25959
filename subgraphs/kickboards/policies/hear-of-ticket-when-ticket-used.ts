import { policy } from '@madang/kernel/domain';
import { TicketUsed } from '@madang/tickets/events';

/** It is used up, for whom the rental tells. */
export const hearOfTicketWhenTicketUsed = policy('hear-of-ticket-when-ticket-used', TicketUsed, ({ data }) => ({
  ...data,
  status: 'USED' as const,
}));
