import { policy } from '@madang/kernel/domain';
import { KickboardRented } from '@madang/kickboards/events';
import { notification } from './notification.ts';

export const notifyWhenKickboardRented = policy('notify-when-kickboard-rented', KickboardRented, (event) =>
  notification(event, 'KICKBOARD_RENTED', { type: 'RENTAL', id: event.data.rentalId }, event.data),
);
