import { GiftItemRegistered } from '@madang/gifts/events';
import { anonymous, user } from '@madang/kernel/domain';
import { eventually } from '@madang/kernel/testing';
import { RewardGranted } from '@madang/rewards/events';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manager, type RunningWallets, runningWallets } from './testing/running-wallets.ts';

let running: RunningWallets;
beforeAll(async () => {
  running = await runningWallets({ replicas: 2 });
});
afterAll(() => running?.close());

describe('a reward', () => {
  it('is credited once, whatever is told how often', async () => {
    const { accountId } = await running.customer();
    const rewardId = await running.reward(accountId, 500, uuidv7(), 3);
    await running.publish(RewardGranted, { accountId, rewardId, points: 500 });
    await running.reward(accountId, 200);
    await eventually(async () => (await running.told(accountId)).length === 2);
    expect(await running.balance(accountId)).toEqual({ balance: 700, held: 0 });
    expect(await running.published(accountId)).toMatchObject([
      { name: 'WalletCredited', data: { rewardId, points: 500, balance: 500 } },
      { name: 'WalletCredited', data: { points: 200, balance: 700 } },
    ]);
    await running.sound();
    expect(await running.deadLetters()).toEqual([]);
  });

  it('of many at once is credited each', async () => {
    const { accountId } = await running.customer();
    const rewards = Array.from({ length: 40 }, () => uuidv7());
    await Promise.all(rewards.map((rewardId) => running.publish(RewardGranted, { accountId, rewardId, points: 10 })));
    await eventually(async () => (await running.balance(accountId))?.balance === 400);
    await running.sound();
  });
});

describe('exchanging points', () => {
  it('has the gift issued and activated when the answer comes', async () => {
    const item = await running.item(300);
    const customer = await running.customer(500);
    const { accountId } = customer;
    const { data, refusal } = await running.exchange(item, customer);
    expect(refusal).toBeUndefined();
    expect(data).toMatchObject({
      status: 'CAPTURED',
      title: '아메리카노 쿠폰',
      points: 300,
      reason: null,
      decidedAt: expect.any(String),
      account: { id: accountId },
      giftItem: { id: item },
      wallet: { id: accountId, balance: 200, held: 0 },
    });
    const id = data?.id ?? '';
    const of = { accountId, exchangeId: id, idempotencyKey: id };
    expect(running.callsFor(customer)).toEqual([
      { mutation: 'issue', ...of, giftItemId: item, points: 300 },
      { mutation: 'activate', ...of },
    ]);
    expect(running.gifts.made.get(id)?.status).toBe('ACTIVE');
    expect(await running.told(accountId)).toEqual(['WalletCredited', 'PointsHeld', 'PointsCaptured']);
    expect(await running.published(accountId)).toMatchObject([
      {},
      { data: { exchangeId: id, giftItemId: item, points: 300, balance: 200 } },
      { data: { exchangeId: id, giftId: running.gifts.made.get(id)?.id, balance: 200 } },
    ]);
    expect(await running.intents(id)).toEqual([]);
    expect((await running.giftExchange(id, customer)).data).toEqual(data);
  });

  it('is refused with what there is and what it costs, and asks nobody', async () => {
    const item = await running.item(300);
    const [poor, none] = [await running.customer(299), await running.customer()];
    expect((await running.exchange(item, poor)).refusal).toMatchObject({ code: 'NOT_ENOUGH_POINTS', balance: 299, points: 300 });
    expect((await running.exchange(item, none)).refusal).toMatchObject({ code: 'NOT_ENOUGH_POINTS', balance: 0, points: 300 });
    expect((await running.exchange(uuidv7(), poor)).refusal?.code).toBe('NOT_FOUND');
    expect((await running.exchange('x', poor)).refusal).toMatchObject({ code: 'BAD_INPUT', field: 'giftItemId' });
    expect((await running.exchange(item, anonymous)).refusal?.code).toBe('UNAUTHENTICATED');
    expect(await running.exchangesOf(poor)).toEqual([]);
    expect(running.callsFor(poor)).toEqual([]);
    expect(await running.told(poor.accountId)).toEqual(['WalletCredited']);
  });

  it('takes the price that was told last', async () => {
    const giftItemId = await running.item(300);
    const told = (points: number, at: string) => running.publish(GiftItemRegistered, { giftItemId, points, at });
    await told(400, '2026-12-01T00:00:00Z');
    await told(100, '2026-01-01T00:00:00Z');
    const price = async () =>
      (await running.rows<{ points: number }>('SELECT points FROM "GiftItem" WHERE id = $1', giftItemId))[0]?.points;
    await eventually(async () => (await price()) === 400);
    expect((await running.exchange(giftItemId, await running.customer(400))).data?.points).toBe(400);
  });

  it('happens once for a key', async () => {
    const item = await running.item(300);
    const customer = await running.customer(1_000);
    const once = { idempotencyKey: uuidv7() };
    const url = running.url();
    const all = await Promise.all([1, 2, 3, 4].map(() => running.exchange(item, customer, once, url)));
    expect(new Set(all.map(({ data }) => data?.id)).size).toBe(1);
    expect(all.map(({ data }) => data?.status)).toEqual(all.map(() => 'CAPTURED'));
    expect((await running.exchange(item, customer, once)).data?.id).toBe(all[0]?.data?.id);
    expect(await running.balance(customer.accountId)).toEqual({ balance: 700, held: 0 });
    expect((await running.exchange(await running.item(), customer, once)).refusal?.code).toBe('IDEMPOTENCY_CONFLICT');
  });

  it('on two replicas at once happens once for a key: whoever is late has the same answer, or is to come back', async () => {
    const item = await running.item(300);
    for (let turn = 0; turn < 10; turn++) {
      const customer = await running.customer(1_000);
      const once = { idempotencyKey: uuidv7() };
      const all = await Promise.all([1, 2, 3, 4].map(() => running.exchange(item, customer, once)));
      const ids = new Set(all.flatMap(({ data }) => data?.id ?? []));
      expect(ids.size).toBe(1);
      for (const { refusal } of all) if (refusal) expect(refusal).toMatchObject({ code: 'TRY_AGAIN_LATER', retryAfterSeconds: 1 });
      expect((await running.exchange(item, customer, once)).data?.id).toBe([...ids][0]);
      expect(await running.balance(customer.accountId)).toEqual({ balance: 700, held: 0 });
    }
  });
});

describe('seeing a wallet', () => {
  it('is for its account and staff: balance, entries and exchanges, page by page', async () => {
    const item = await running.item(300);
    const customer = await running.customer(500);
    const { accountId } = customer;
    const rewardId = await running.reward(accountId, 100);
    const { data } = await running.exchange(item, customer);
    const wallet = await running.wallet(accountId, customer);
    expect(wallet).toMatchObject({ id: accountId, balance: 300, held: 0, exchanges: { edges: [{ node: { id: data?.id } }] } });
    expect(wallet?.entries.edges.map(({ node }) => node)).toMatchObject([
      { kind: 'CAPTURE', points: 300, change: 0, balance: 300, reward: null, exchange: { id: data?.id, status: 'CAPTURED' } },
      { kind: 'HOLD', points: 300, change: -300, balance: 300, title: '아메리카노 쿠폰', exchange: { id: data?.id } },
      { kind: 'CREDIT', points: 100, change: 100, balance: 600, reward: { id: rewardId }, exchange: null },
      { kind: 'CREDIT', points: 500, change: 500, balance: 500 },
    ]);
    const first = await running.wallet(accountId, manager, { first: 3 });
    expect(first?.entries.edges).toEqual(wallet?.entries.edges.slice(0, 3));
    const rest = await running.wallet(accountId, manager, { first: 3, after: first?.entries.edges[2]?.cursor ?? '' });
    expect(rest?.entries.edges).toEqual(wallet?.entries.edges.slice(3));
  });

  it('is for nobody else', async () => {
    const item = await running.item(300);
    const customer = await running.customer(500);
    const { data } = await running.exchange(item, customer);
    for (const stranger of [anonymous, user(uuidv7(), 'CUSTOMER', 'TRAINER')])
      expect(await running.wallet(customer.accountId, stranger)).toBeNull();
    expect((await running.giftExchange(data?.id ?? '', user(uuidv7(), 'CUSTOMER'))).refusal?.code).toBe('NOT_FOUND');
    expect((await running.giftExchange(data?.id ?? '', anonymous)).refusal?.code).toBe('UNAUTHENTICATED');
    expect((await running.giftExchange('x', customer)).refusal?.code).toBe('NOT_FOUND');
    expect((await running.giftExchange(data?.id ?? '', manager)).data?.status).toBe('CAPTURED');
  });

  it('shows an empty one as long as nothing has happened', async () => {
    const customer = await running.customer();
    expect(await running.wallet(customer.accountId, customer)).toMatchObject({ balance: 0, held: 0, entries: { edges: [] } });
  });
});
