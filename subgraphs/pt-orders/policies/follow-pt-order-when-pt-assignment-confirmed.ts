import { policy } from '@madang/kernel/domain';
import { PtAssignmentConfirmed } from '@madang/pt-managers/events';

/** A trainer has confirmed when the lesson is: the customer's order is confirmed. */
export const followPtOrderWhenPtAssignmentConfirmed = policy(
  'follow-pt-order-when-pt-assignment-confirmed',
  PtAssignmentConfirmed,
  ({ data: { orderId, trainerId, scheduleId, lessonAt } }) => ({
    orderId,
    progress: 'CONFIRMED' as const,
    trainerId,
    scheduleId,
    lessonAt,
  }),
);
