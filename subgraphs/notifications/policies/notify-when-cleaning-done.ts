import { policy } from '@madang/kernel/domain';
import { CleaningReservationDone } from '@madang/reservations/events';
import { notification } from './notification.ts';

export const notifyWhenCleaningDone = policy('notify-when-cleaning-done', CleaningReservationDone, (event) =>
  notification(event, 'CLEANING_DONE', { type: 'CLEANING_RESERVATION', id: event.data.reservationId }, event.data),
);
