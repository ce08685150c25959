import { type Decide, type InputOf, requireRole } from '@madang/kernel/domain';
import { GiftItemRegistered } from '../events.ts';
import type { registerGiftItem } from './commands.ts';
import { type GiftItem, type GiftItemChange, giftItemDescribed } from './gift-item.ts';

/** Who keeps the gift items beside ADMIN: this context itself, for demo data. */
const OURSELVES = 'gifts';

/** What there is not. */
export const WHAT = 'The gift item';

/** `newId` is the new one's. */
export const decideRegister: Decide<
  GiftItem,
  Omit<InputOf<typeof registerGiftItem>, 'idempotencyKey'> & { newId: string },
  GiftItemChange
> = (state, { newId, title, description, points, stock }, { actor, now }) => {
  if (actor.kind !== 'service' || actor.name !== OURSELVES) requireRole(actor, 'ADMIN');
  if (state !== null) return [];
  return [GiftItemRegistered({ giftItemId: newId, title, points, at: now.toISOString() }), giftItemDescribed({ description, stock })];
};
