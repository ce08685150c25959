import { policy } from '@madang/kernel/domain';
import { PtAssignmentCancelled } from '@madang/pt-managers/events';

/** Trainer and schedule are free: only now an order is cancelled. */
export const followPtOrderWhenPtAssignmentCancelled = policy(
  'follow-pt-order-when-pt-assignment-cancelled',
  PtAssignmentCancelled,
  ({ data }) => ({ orderId: data.orderId, progress: 'CANCELLED' as const }),
);
