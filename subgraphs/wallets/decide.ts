import { type Decide, type InputOf, notFound, Refused, requireUser } from '@madang/kernel/domain';
import type { creditWallet } from './commands.ts';
import { PointsCaptured, PointsHeld, PointsReleased, WalletCredited } from './events.ts';
import type { GiftExchange, NoGift } from './gift-exchange.ts';
import { type Booking, emptyWallet, exchangeGivenUp, type Wallet, type WalletChange } from './wallet.ts';

type Decision<Input> = Decide<Booking, Input, WalletChange>;

/** What there is not, when there is not, or it is another's. */
export const WHAT = 'The exchange';
export const ITEM = 'The gift item';

/** `balance` as it is after a change of it. */
const of = ({ id: exchangeId, accountId, giftItemId, title, points }: GiftExchange, { balance }: Wallet, change: number, now: Date) => ({
  accountId,
  exchangeId,
  giftItemId,
  title,
  points,
  balance: balance + change,
  at: now.toISOString(),
});

/** Once for a reward. */
export const decideCredit: Decision<InputOf<typeof creditWallet>> = (state, { accountId, rewardId, title, points }, { now }) => {
  if (state?.credited) return [];
  const { balance } = state?.wallet ?? emptyWallet(accountId);
  return [WalletCredited({ accountId, rewardId, title, points, balance: balance + points, at: now.toISOString() })];
};

/** `state` has the account's wallet, and what is wanted: its price of now is what is held. */
export const decideHold: Decision<{ readonly exchangeId: string }> = (state, { exchangeId }, { actor, now }) => {
  const { accountId } = requireUser(actor);
  const { wallet, item } = state ?? { wallet: emptyWallet(accountId), item: null };
  if (item === null) throw notFound(ITEM);
  const { id: giftItemId, title, points } = item;
  const { balance } = wallet;
  if (balance < points) throw new Refused('NOT_ENOUGH_POINTS', 'You have too few points. 포인트가 부족합니다.', { balance, points });
  return [PointsHeld({ accountId, exchangeId, giftItemId, title, points, balance: balance - points, at: now.toISOString() })];
};

/** The gift was issued. What was given up meanwhile stays so: its gift is voided. */
export const decideCapture: Decision<{ readonly giftId: string }> = (state, { giftId }, { now }) =>
  state?.exchange?.status === 'HELD' ? [PointsCaptured({ ...of(state.exchange, state.wallet, 0, now), giftId })] : [];

/** There may be a gift, or not: the points stay held until gifts have voided it. */
export const decideGiveUp: Decision<{ readonly reason: NoGift }> = (state, { reason }) =>
  state?.exchange?.status === 'HELD' ? [exchangeGivenUp({ reason })] : [];

/** It is certain that there is no gift, and never will be. */
export const decideRelease: Decision<{ readonly reason: NoGift }> = (state, { reason }, { now }) => {
  const exchange = state?.exchange ?? null;
  if (state === null || (exchange?.status !== 'HELD' && exchange?.status !== 'RELEASING')) return [];
  const why = exchange.status === 'RELEASING' ? exchange.reason : reason;
  return [PointsReleased({ ...of(exchange, state.wallet, exchange.points, now), reason: why })];
};
