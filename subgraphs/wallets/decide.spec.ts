import { anonymous, service, user } from '@madang/kernel/domain';
import { given } from '@madang/kernel/testing';
import { describe, expect, it } from 'vitest';
import { decideCapture, decideCredit, decideGiveUp, decideHold, decideRelease } from './decide.ts';
import { PointsCaptured, PointsHeld, PointsReleased, WalletCredited } from './events.ts';
import { booking, exchangeGivenUp, type GiftItem } from './wallet.ts';

const accountId = 'owner';
const now = new Date('2026-11-20T06:00:00Z');
const at = now.toISOString();
const item: GiftItem = { id: 'item', title: '쿠폰', points: 300 };
const owner = { actor: user(accountId, 'CUSTOMER'), now };
const gifts = { actor: service('wallets'), now };

const credited = WalletCredited({ accountId, rewardId: 'r', title: '첫 대여', points: 500, balance: 500, at });
const of = { accountId, exchangeId: 'e', giftItemId: 'item', title: '쿠폰', points: 300, at };
const held = PointsHeld({ ...of, balance: 200 });
const captured = PointsCaptured({ ...of, balance: 200, giftId: 'g' });
const released = PointsReleased({ ...of, balance: 500, reason: 'SOLD_OUT' });
const givenUp = exchangeGivenUp({ reason: 'UNAVAILABLE' });

/** With the item that is wanted, as the store loads it; for another exchange than any before. */
const decideHoldOf =
  (wanted: GiftItem | null): typeof decideHold =>
  (state, input, facts) =>
    decideHold(state && { ...state, exchange: null, item: wanted }, input, facts);

describe('crediting', () => {
  it('adds to the balance, once for a reward', () => {
    const reward = { accountId, rewardId: 'r', title: '첫 대여', points: 500 };
    given(booking, []).when(decideCredit, reward, { now }).then(credited);
    given(booking, [credited]).when(decideCredit, reward, { now }).thenNothing();
    expect(given(booking, [credited]).state).toMatchObject({
      wallet: { id: accountId, balance: 500, held: 0, entries: 1 },
      entry: { number: 1, kind: 'CREDIT', points: 500, change: 500, balance: 500, held: 0, reference: 'r' },
    });
  });
});

describe('holding', () => {
  it('takes the price from the balance', () => {
    given(booking, [credited]).when(decideHoldOf(item), { exchangeId: 'e' }, owner).then(held);
    expect(given(booking, [credited, held]).state).toMatchObject({
      wallet: { balance: 200, held: 300, entries: 2 },
      exchange: { id: 'e', status: 'HELD', points: 300, requestedAt: now },
      entry: { number: 2, kind: 'HOLD', change: -300, balance: 200, held: 300, reference: 'e' },
    });
  });

  it('may take all that there is', () => {
    given(booking, [credited])
      .when(decideHoldOf({ ...item, points: 500 }), { exchangeId: 'e' }, owner)
      .then(PointsHeld({ ...of, points: 500, balance: 0 }));
  });

  it('is refused with what there is, and what it costs', () => {
    given(booking, [credited])
      .when(decideHoldOf({ ...item, points: 501 }), { exchangeId: 'e' }, owner)
      .thenRefused('NOT_ENOUGH_POINTS', { balance: 500, points: 501 });
    given(booking, [credited, held])
      .when(decideHoldOf(item), { exchangeId: 'f' }, owner)
      .thenRefused('NOT_ENOUGH_POINTS', { balance: 200, points: 300 });
  });

  it('is refused for what is not there, and to whoever has not signed in', () => {
    given(booking, [credited]).when(decideHoldOf(null), { exchangeId: 'e' }, owner).thenRefused('NOT_FOUND');
    given(booking, []).when(decideHold, { exchangeId: 'e' }, owner).thenRefused('NOT_FOUND');
    for (const actor of [anonymous, service('gifts')])
      given(booking, [credited]).when(decideHoldOf(item), { exchangeId: 'e' }, { actor }).thenRefused('UNAUTHENTICATED');
  });
});

describe('capturing', () => {
  it('spends what was held, and leaves the balance', () => {
    given(booking, [credited, held]).when(decideCapture, { giftId: 'g' }, gifts).then(captured);
    expect(given(booking, [credited, held, captured]).state).toMatchObject({
      wallet: { balance: 200, held: 0, entries: 3 },
      exchange: { status: 'CAPTURED', giftId: 'g', decidedAt: now },
      entry: { kind: 'CAPTURE', points: 300, change: 0 },
    });
  });

  it('comes too late once it was given up, and happens once', () => {
    for (const past of [[givenUp], [released], [captured]])
      given(booking, [credited, held, ...past])
        .when(decideCapture, { giftId: 'g' }, gifts)
        .thenNothing();
  });
});

describe('releasing', () => {
  it('gives the points back, with the reason', () => {
    given(booking, [credited, held]).when(decideRelease, { reason: 'SOLD_OUT' }, gifts).then(released);
    expect(given(booking, [credited, held, released]).state).toMatchObject({
      wallet: { balance: 500, held: 0, entries: 3 },
      exchange: { status: 'RELEASED', reason: 'SOLD_OUT', decidedAt: now },
      entry: { kind: 'RELEASE', change: 300, balance: 500, held: 0 },
    });
  });

  it('leaves them held while it is not certain, and keeps why', () => {
    given(booking, [credited, held]).when(decideGiveUp, { reason: 'UNAVAILABLE' }, gifts).then(givenUp);
    expect(given(booking, [credited, held, givenUp]).state).toMatchObject({
      wallet: { balance: 200, held: 300, entries: 2 },
      exchange: { status: 'RELEASING', reason: 'UNAVAILABLE' },
      entry: null,
    });
    given(booking, [credited, held, givenUp])
      .when(decideRelease, { reason: 'SOLD_OUT' }, gifts)
      .then(PointsReleased({ ...of, balance: 500, reason: 'UNAVAILABLE' }));
  });

  it('is for what is held only, and happens once', () => {
    for (const past of [[captured], [released], [givenUp, released]]) {
      given(booking, [credited, held, ...past])
        .when(decideGiveUp, { reason: 'UNAVAILABLE' }, gifts)
        .thenNothing();
      given(booking, [credited, held, ...past])
        .when(decideRelease, { reason: 'UNAVAILABLE' }, gifts)
        .thenNothing();
    }
  });
});
