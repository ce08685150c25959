import { policy } from '@madang/kernel/domain';
import { CleaningReservationConfirmed } from '@madang/reservations/events';
import { notification } from './notification.ts';

export const notifyWhenCleaningConfirmed = policy('notify-when-cleaning-confirmed', CleaningReservationConfirmed, (event) =>
  notification(event, 'CLEANING_CONFIRMED', { type: 'CLEANING_RESERVATION', id: event.data.reservationId }, event.data),
);
