import { defineEvent, type EventOf, id, instant, reference } from '@madang/kernel/domain';
import { z } from 'zod';

const of = {
  giftId: id,
  accountId: reference,
  exchangeId: reference,
  giftItemId: reference,
  title: z.string(),
  points: z.int().positive(),
  at: instant,
};
const example = {
  giftId: '01936d5e-0000-7000-8000-000000000551',
  accountId: '01900000-0000-7000-8000-000000000001',
  exchangeId: '01936d5e-0000-7000-8000-000000000531',
  giftItemId: '01936d5e-0000-7000-8000-000000000541',
  title: '아메리카노 쿠폰',
  points: 300,
  at: '2026-11-20T06:00:00.000Z',
};

const ofGift = { context: 'gifts', aggregate: 'gift', version: 1, key: (data: { giftId: string }) => data.giftId };

/** Points can be exchanged for it (기프트 등록), at this price, from now on. */
export const GiftItemRegistered = defineEvent({
  context: 'gifts',
  aggregate: 'gift-item',
  version: 1,
  key: (data: { giftItemId: string }) => data.giftItemId,
  name: 'GiftItemRegistered',
  payload: z.object({ giftItemId: id, title: z.string(), points: z.int().positive(), at: instant }),
  examples: [{ giftItemId: example.giftItemId, title: example.title, points: example.points, at: example.at }],
});

/** A gift was issued (기프트 발급); it cannot be used before its points are spent. */
export const GiftIssued = defineEvent({ ...ofGift, name: 'GiftIssued', payload: z.object(of), examples: [example] });

/** Its points are spent: it can be used (기프트 활성화). */
export const GiftActivated = defineEvent({ ...ofGift, name: 'GiftActivated', payload: z.object(of), examples: [example] });

/** It is worth nothing (기프트 무효): its points were given back. Before it was issued there is no item: it never will be issued. */
export const GiftVoided = defineEvent({
  ...ofGift,
  name: 'GiftVoided',
  payload: z.object({ giftId: id, accountId: reference, exchangeId: reference, issued: z.boolean(), at: instant }),
  examples: [{ giftId: example.giftId, accountId: example.accountId, exchangeId: example.exchangeId, issued: true, at: example.at }],
});

/** It was used (기프트 사용). */
export const GiftUsed = defineEvent({ ...ofGift, name: 'GiftUsed', payload: z.object(of), examples: [example] });

export type GiftItemEvent = EventOf<typeof GiftItemRegistered>;
export type GiftEvent = EventOf<typeof GiftIssued> | EventOf<typeof GiftActivated> | EventOf<typeof GiftVoided> | EventOf<typeof GiftUsed>;
