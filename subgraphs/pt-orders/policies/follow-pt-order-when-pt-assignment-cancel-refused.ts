import { policy } from '@madang/kernel/domain';
import { PtAssignmentCancelRefused } from '@madang/pt-managers/events';

/** The lesson has been held: the cancellation is rejected. */
export const followPtOrderWhenPtAssignmentCancelRefused = policy(
  'follow-pt-order-when-pt-assignment-cancel-refused',
  PtAssignmentCancelRefused,
  ({ data: { orderId, reason } }) => ({ orderId, progress: 'CANCEL_REFUSED' as const, reason }),
);
