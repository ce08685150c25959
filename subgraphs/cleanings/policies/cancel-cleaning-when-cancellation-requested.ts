import { policy } from '@madang/kernel/domain';
import { CleaningCancellationRequested } from '@madang/reservations/events';

/** The customer wants it cancelled: whether it is, is decided here. */
export const cancelCleaningWhenCancellationRequested = policy(
  'cancel-cleaning-when-cancellation-requested',
  CleaningCancellationRequested,
  ({ data: { accountId, reservationId } }) => ({ accountId, reservationId }),
);
