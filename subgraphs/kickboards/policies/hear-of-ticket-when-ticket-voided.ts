import { policy } from '@madang/kernel/domain';
import { TicketVoided } from '@madang/tickets/events';

/** It is not paid any more. */
export const hearOfTicketWhenTicketVoided = policy('hear-of-ticket-when-ticket-voided', TicketVoided, ({ data }) => ({
  ...data,
  status: 'VOIDED' as const,
}));
