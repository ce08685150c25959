import { GiftItemRegistered } from '@madang/gifts/events';
import { policy } from '@madang/kernel/domain';

/** Points can be exchanged for it, at the price that was told last. */
export const noteGiftItemWhenGiftItemRegistered = policy(
  'note-gift-item-when-gift-item-registered',
  GiftItemRegistered,
  ({ data: { giftItemId, title, points, at } }) => ({ giftItemId, title, points, registeredAt: new Date(at) }),
);
