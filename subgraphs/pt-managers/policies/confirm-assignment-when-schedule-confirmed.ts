import { policy } from '@madang/kernel/domain';
import { PtScheduleConfirmed } from '@madang/pt-trainers/events';

/** The trainer has confirmed when the lesson is: so is the order's assignment. */
export const confirmAssignmentWhenScheduleConfirmed = policy(
  'confirm-assignment-when-schedule-confirmed',
  PtScheduleConfirmed,
  ({ data: { orderId, scheduleId, trainerId, lessonAt } }) => ({ orderId, scheduleId, trainerId, lessonAt }),
);
