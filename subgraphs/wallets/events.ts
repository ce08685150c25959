import { defineEvent, type EventOf, instant, reference } from '@madang/kernel/domain';
import { z } from 'zod';

/** `balance` is what can be spent after it. */
const of = { accountId: reference, points: z.int().positive(), balance: z.int().nonnegative(), at: instant };
const ofExchange = { ...of, exchangeId: reference, giftItemId: reference, title: z.string() };
const example = { accountId: '01900000-0000-7000-8000-000000000001', points: 300, balance: 200, at: '2026-11-20T06:00:00.000Z' };
const exchange = {
  ...example,
  exchangeId: '01936d5e-0000-7000-8000-000000000531',
  giftItemId: '01936d5e-0000-7000-8000-000000000541',
  title: '아메리카노 쿠폰',
};

const ofWallet = { context: 'wallets', aggregate: 'wallet', version: 1, key: (data: { accountId: string }) => data.accountId };

/** A reward's points were credited (포인트 적립). */
export const WalletCredited = defineEvent({
  ...ofWallet,
  name: 'WalletCredited',
  payload: z.object({ ...of, rewardId: reference, title: z.string() }),
  examples: [{ ...example, points: 500, balance: 500, rewardId: '01936d5e-0000-7000-8000-000000000521', title: '첫 대여' }],
});

/** Points are kept for a gift that is being issued (포인트 보류). */
export const PointsHeld = defineEvent({
  ...ofWallet,
  name: 'PointsHeld',
  payload: z.object(ofExchange),
  examples: [exchange],
});

/** The gift was issued: the points are spent (포인트 사용). */
export const PointsCaptured = defineEvent({
  ...ofWallet,
  name: 'PointsCaptured',
  payload: z.object({ ...ofExchange, giftId: reference }),
  examples: [{ ...exchange, giftId: '01936d5e-0000-7000-8000-000000000551' }],
});

/** There is no gift: the points can be spent again (포인트 반환). */
export const PointsReleased = defineEvent({
  ...ofWallet,
  name: 'PointsReleased',
  payload: z.object({ ...ofExchange, reason: z.string() }),
  examples: [{ ...exchange, balance: 500, reason: 'SOLD_OUT' }],
});

export type WalletEvent =
  | EventOf<typeof WalletCredited>
  | EventOf<typeof PointsHeld>
  | EventOf<typeof PointsCaptured>
  | EventOf<typeof PointsReleased>;
