import { policy } from '@madang/kernel/domain';
import { CleaningReserved } from '@madang/reservations/events';

/** What is reserved is paid: it is to be cleaned. */
export const requestCleaningWhenCleaningReserved = policy(
  'request-cleaning-when-cleaning-reserved',
  CleaningReserved,
  ({ data: { accountId, reservationId, title, place, cleaningAt } }) => ({ accountId, reservationId, title, place, cleaningAt }),
);
