import { policy } from '@madang/kernel/domain';
import { KickboardReturned } from '@madang/kickboards/events';
import { notification } from './notification.ts';

export const notifyWhenKickboardReturned = policy('notify-when-kickboard-returned', KickboardReturned, (event) => {
  const { rentalId, serial, forced, overdue, at, dueAt } = event.data;
  const minutesLate = overdue ? Math.ceil((Date.parse(at) - Date.parse(dueAt)) / 60_000) : 0;
  return notification(
    event,
    'KICKBOARD_RETURNED',
    { type: 'RENTAL', id: rentalId },
    { serial, by: forced ? 'ADMIN' : 'RENTER', minutesLate },
  );
});
