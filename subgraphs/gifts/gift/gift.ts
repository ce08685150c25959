import type { Aggregate } from '@madang/kernel/domain';
import type { GiftEvent } from '../events.ts';
import type { GiftItem } from '../gift-item/gift-item.ts';

interface Identity {
  readonly id: string;
  readonly accountId: string;
  /** One exchange of points has one gift. */
  readonly exchangeId: string;
}

/** What was issued. */
export interface Present {
  readonly giftItemId: string;
  readonly title: string;
  readonly points: number;
  /** Whether it came out of a limited stock. */
  readonly limited: boolean;
  readonly issuedAt: Date;
}

/** A gift (기프트). One that was voided before it was issued has nothing in it: it never will be issued. */
export type Gift = Identity &
  (
    | { readonly status: 'ISSUED'; readonly present: Present }
    | { readonly status: 'ACTIVE'; readonly present: Present; readonly activatedAt: Date }
    | { readonly status: 'USED'; readonly present: Present; readonly activatedAt: Date; readonly usedAt: Date }
    | { readonly status: 'VOIDED'; readonly present: Present | null; readonly voidedAt: Date }
  );

/** A gift, if there is one, and the item that it is to be of, where that matters. */
export interface Giving {
  readonly item: GiftItem | null;
  readonly gift: Gift | null;
}

function presentOf(gift: Gift | null, name: string): Present {
  if (!gift?.present) throw new TypeError(`${name} before GiftIssued`);
  return gift.present;
}

function evolveGift(gift: Gift | null, item: GiftItem | null, event: GiftEvent): Gift {
  const { giftId: id, accountId, exchangeId } = event.data;
  const identity = { id, accountId, exchangeId };
  const at = new Date(event.data.at);
  switch (event.name) {
    case 'GiftIssued': {
      const { giftItemId, title, points } = event.data;
      return { ...identity, status: 'ISSUED', present: { giftItemId, title, points, limited: item?.stock != null, issuedAt: at } };
    }
    case 'GiftActivated':
      return { ...identity, status: 'ACTIVE', present: presentOf(gift, event.name), activatedAt: at };
    case 'GiftUsed': {
      if (gift?.status !== 'ACTIVE') throw new TypeError('GiftUsed before GiftActivated');
      return { ...gift, status: 'USED', usedAt: at };
    }
    case 'GiftVoided':
      return { ...identity, status: 'VOIDED', present: gift?.present ?? null, voidedAt: at };
  }
}

/** How many of the item are left after it. */
function evolveItem(item: GiftItem | null, { name }: GiftEvent): GiftItem | null {
  if (item?.remaining == null) return item;
  if (name === 'GiftIssued') return { ...item, remaining: item.remaining - 1 };
  return item;
}

export const giving: Aggregate<Giving, GiftEvent> = {
  name: 'gift',
  evolve(state, event) {
    const { item, gift } = state ?? { item: null, gift: null };
    return { item: evolveItem(item, event), gift: evolveGift(gift, item, event) };
  },
};
