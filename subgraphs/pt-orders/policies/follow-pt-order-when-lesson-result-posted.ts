import { policy } from '@madang/kernel/domain';
import { LessonResultPosted } from '@madang/pt-trainers/events';

/** The lesson has been held: its order is completed, and cannot be cancelled any more. */
export const followPtOrderWhenLessonResultPosted = policy(
  'follow-pt-order-when-lesson-result-posted',
  LessonResultPosted,
  ({ data: { orderId, trainerId, scheduleId, lessonAt } }) => ({
    orderId,
    progress: 'RESULT_POSTED' as const,
    trainerId,
    scheduleId,
    lessonAt,
  }),
);
