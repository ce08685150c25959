import { policy } from '@madang/kernel/domain';
import { LessonResultPosted } from '@madang/pt-trainers/events';
import { notification } from './notification.ts';

/** The trainer’s own words; that the order is completed by it goes without saying. */
export const notifyWhenLessonResultPosted = policy('notify-when-lesson-result-posted', LessonResultPosted, (event) =>
  notification(event, 'PT_LESSON_RESULT_POSTED', { type: 'PT_ORDER', id: event.data.orderId }, event.data),
);
