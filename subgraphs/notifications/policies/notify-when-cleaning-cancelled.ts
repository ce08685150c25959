import { policy } from '@madang/kernel/domain';
import { CleaningReservationCancelled } from '@madang/reservations/events';
import { notification } from './notification.ts';

export const notifyWhenCleaningCancelled = policy('notify-when-cleaning-cancelled', CleaningReservationCancelled, (event) =>
  notification(event, 'CLEANING_CANCELLED', { type: 'CLEANING_RESERVATION', id: event.data.reservationId }, event.data),
);
