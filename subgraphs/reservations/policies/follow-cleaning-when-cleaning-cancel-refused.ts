import { CleaningCancelRefused } from '@madang/cleanings/events';
import { policy } from '@madang/kernel/domain';

/** It has been cleaned: the cancellation is rejected, and the payment stands. */
export const followCleaningWhenCleaningCancelRefused = policy(
  'follow-cleaning-when-cleaning-cancel-refused',
  CleaningCancelRefused,
  ({ data: { reservationId, reason } }) => ({ reservationId, progress: 'CANCEL_REFUSED' as const, reason }),
);
