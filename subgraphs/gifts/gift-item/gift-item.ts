import { type Aggregate, defineFact, type Fact } from '@madang/kernel/domain';
import type { GiftItemEvent } from '../events.ts';

/** What points can be exchanged for (기프트 상품). */
export interface GiftItem {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** What it costs. */
  readonly points: number;
  /** How many there were to begin with; null for any number. */
  readonly stock: number | null;
  /** How many are left; null for any number. */
  readonly remaining: number | null;
  readonly registeredAt: Date;
}

type GiftItemDescribed = Fact<'GiftItemDescribed', { readonly description: string; readonly stock: number | null }>;
/** What others need not know of it. */
export const giftItemDescribed = defineFact<GiftItemDescribed>('GiftItemDescribed');

export type GiftItemChange = GiftItemEvent | GiftItemDescribed;

export const giftItem: Aggregate<GiftItem, GiftItemChange> = {
  name: 'gift item',
  evolve(state, event) {
    if (event.name === 'GiftItemRegistered') {
      const { giftItemId: id, title, points, at } = event.data;
      return { id, title, description: '', points, stock: null, remaining: null, registeredAt: new Date(at) };
    }
    if (state === null) throw new TypeError(`${event.name} before GiftItemRegistered`);
    const { description, stock } = event.data;
    return { ...state, description, stock, remaining: stock };
  },
};
