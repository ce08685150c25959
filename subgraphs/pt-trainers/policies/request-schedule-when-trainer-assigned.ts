import { policy } from '@madang/kernel/domain';
import { TrainerAssigned } from '@madang/pt-managers/events';

/** Who is assigned is to confirm when the lesson is. */
export const requestScheduleWhenTrainerAssigned = policy(
  'request-schedule-when-trainer-assigned',
  TrainerAssigned,
  ({ data: { accountId, orderId, trainerId, classId, className, durationMinutes } }) => ({
    accountId,
    orderId,
    trainerId,
    classId,
    className,
    durationMinutes,
  }),
);
