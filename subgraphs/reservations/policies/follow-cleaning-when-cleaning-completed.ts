import { CleaningCompleted } from '@madang/cleanings/events';
import { policy } from '@madang/kernel/domain';

/** What has been cleaned cannot be cancelled any more. */
export const followCleaningWhenCleaningCompleted = policy('follow-cleaning-when-cleaning-completed', CleaningCompleted, ({ data }) => ({
  reservationId: data.reservationId,
  progress: 'DONE' as const,
}));
