import { policy } from '@madang/kernel/domain';
import { TicketReleased } from '@madang/tickets/events';

/** That rental did not come about: it can be rented with. */
export const hearOfTicketWhenTicketReleased = policy(
  'hear-of-ticket-when-ticket-released',
  TicketReleased,
  ({ data: { rentalId: _, ...data } }) => ({
    ...data,
    status: 'AVAILABLE' as const,
  }),
);
