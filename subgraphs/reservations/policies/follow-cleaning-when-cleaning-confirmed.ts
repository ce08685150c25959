import { CleaningConfirmed } from '@madang/cleanings/events';
import { policy } from '@madang/kernel/domain';

/** A manager has confirmed it: the customer's reservation is confirmed. */
export const followCleaningWhenCleaningConfirmed = policy('follow-cleaning-when-cleaning-confirmed', CleaningConfirmed, ({ data }) => ({
  reservationId: data.reservationId,
  progress: 'CONFIRMED' as const,
}));
