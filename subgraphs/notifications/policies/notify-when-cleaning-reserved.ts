import { policy } from '@madang/kernel/domain';
import { CleaningReserved } from '@madang/reservations/events';
import { notification } from './notification.ts';

export const notifyWhenCleaningReserved = policy('notify-when-cleaning-reserved', CleaningReserved, (event) =>
  notification(event, 'CLEANING_RESERVED', { type: 'CLEANING_RESERVATION', id: event.data.reservationId }, event.data),
);
