import { policy } from '@madang/kernel/domain';
import { PtOrdered } from '@madang/pt-orders/events';

/** What is ordered is taken in: a manager is to assign a trainer. */
export const acceptOrderWhenPtOrdered = policy(
  'accept-order-when-pt-ordered',
  PtOrdered,
  ({ data: { accountId, orderId, classId, className, durationMinutes } }) => ({ accountId, orderId, classId, className, durationMinutes }),
);
