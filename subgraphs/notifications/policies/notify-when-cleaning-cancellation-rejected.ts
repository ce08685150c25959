import { policy } from '@madang/kernel/domain';
import { CleaningCancellationRejected } from '@madang/reservations/events';
import { notification } from './notification.ts';

export const notifyWhenCleaningCancellationRejected = policy(
  'notify-when-cleaning-cancellation-rejected',
  CleaningCancellationRejected,
  (event) =>
    notification(event, 'CLEANING_CANCELLATION_REJECTED', { type: 'CLEANING_RESERVATION', id: event.data.reservationId }, event.data),
);
