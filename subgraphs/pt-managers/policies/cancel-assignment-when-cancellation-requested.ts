import { policy } from '@madang/kernel/domain';
import { PtCancellationRequested } from '@madang/pt-orders/events';

/** The customer wants it cancelled: whether it is, the trainers' schedule says. */
export const cancelAssignmentWhenCancellationRequested = policy(
  'cancel-assignment-when-cancellation-requested',
  PtCancellationRequested,
  ({ data: { accountId, orderId } }) => ({ accountId, orderId }),
);
