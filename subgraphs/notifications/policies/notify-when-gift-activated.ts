import { GiftActivated } from '@madang/gifts/events';
import { policy } from '@madang/kernel/domain';
import { notification } from './notification.ts';

/** Its points are spent and it can be used: only now is the exchange done. */
export const notifyWhenGiftActivated = policy('notify-when-gift-activated', GiftActivated, (event) =>
  notification(event, 'GIFT_EXCHANGED', { type: 'GIFT', id: event.data.giftId }, event.data),
);
