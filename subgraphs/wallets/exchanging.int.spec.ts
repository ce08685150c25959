import type { User } from '@madang/kernel/domain';
import { eventually } from '@madang/kernel/testing';
import { uuidv7 } from 'uuidv7';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RunningWallets, runningWallets } from './testing/running-wallets.ts';
import type { Mood } from './testing/stand-in-gifts.ts';

let running: RunningWallets;
let item: string;
beforeAll(async () => {
  running = await runningWallets({ env: { WALLETS_EXCHANGE_LEASE_MS: '1000' } });
  item = await running.item(300);
});
afterEach(async () => {
  running.gifts.says.before = undefined;
  running.gifts.moods.clear();
  const customer = await running.customer(300);
  // Gifts are well again, and the breaker has noticed.
  await eventually(async () => (await running.exchange(item, customer, { idempotencyKey: 'well' })).data?.status === 'CAPTURED');
  await eventually(async () => (await running.openIntents()).length === 0, { withinMs: 20_000 });
  await running.sound();
});
afterAll(() => running?.close());

const mutations = (customer: User) => running.callsFor(customer).map(({ mutation }) => mutation);
const untouched = async (customer: User) => expect(await running.balance(customer.accountId)).toEqual({ balance: 500, held: 0 });
const once = { idempotencyKey: 'one wish' };

describe('gifts say no', () => {
  it.each<[Mood, string, string]>([
    ['SOLD_OUT', 'SOLD_OUT', 'SOLD_OUT'],
    ['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND'],
    ['PRICE_CHANGED', 'TRY_AGAIN_LATER', 'PRICE_CHANGED'],
    ['EXCHANGE_VOIDED', 'TRY_AGAIN_LATER', 'EXCHANGE_VOIDED'],
  ])('%s: the points are back with the answer, and the key is free again', async (mood, code, reason) => {
    const customer = await running.customer(500, mood);
    expect((await running.exchange(item, customer, once)).refusal?.code).toBe(code);
    await untouched(customer);
    expect(await running.exchangesOf(customer)).toMatchObject([{ status: 'RELEASED', reason }]);
    expect(await running.told(customer.accountId)).toEqual(['WalletCredited', 'PointsHeld', 'PointsReleased']);
    expect(mutations(customer)).toEqual(['issue']);
    expect(await running.openIntents()).toEqual([]);
    running.gifts.moods.delete(customer.accountId);
    expect((await running.exchange(item, customer, once)).data?.status).toBe('CAPTURED');
  });

  it('but an earlier try has gone without an answer: what it issued is voided before the points come back', async () => {
    const customer = await running.customer(500, 'LOST_ONCE');
    expect((await running.exchange(item, customer)).refusal?.code).toBe('SOLD_OUT');
    await eventually(() => untouched(customer));
    const [exchange] = await running.exchangesOf(customer);
    expect(exchange).toMatchObject({ status: 'RELEASED', reason: 'SOLD_OUT' });
    expect(mutations(customer)).toEqual(['issue', 'issue', 'void']);
    expect(running.gifts.made.get(exchange?.id ?? '')?.status).toBe('VOIDED');
  });
});

describe('gifts give no answer', () => {
  it.each<Mood>(['OUT', 'SILENT', 'LOST', 'FORBIDDEN'])(
    '%s: refused within a second, and the points come back once it is certain that there is no gift',
    async (mood) => {
      const customer = await running.customer(500, mood);
      const { refusal, took } = await running.exchange(item, customer, once);
      expect(refusal).toMatchObject({ code: 'TRY_AGAIN_LATER', retryAfterSeconds: expect.any(Number) });
      expect(took).toBeLessThan(1_500);
      const [exchange] = await running.exchangesOf(customer);
      expect(exchange?.reason).toBe('UNAVAILABLE');
      if (mood !== 'FORBIDDEN') {
        expect(exchange?.status).toBe('RELEASING');
        expect(await running.balance(customer.accountId)).toEqual({ balance: 200, held: 300 });
      }
      running.gifts.moods.delete(customer.accountId);
      await eventually(() => untouched(customer), { withinMs: 20_000 });
      expect((await running.giftExchange(exchange?.id ?? '', customer)).data?.status).toBe('RELEASED');
      expect(running.gifts.made.get(exchange?.id ?? '')?.status).toBe('VOIDED');
      expect((await running.exchange(item, customer, once)).data?.status).toBe('CAPTURED');
    },
    30_000,
  );

  it('to the activation only: the points are spent, and the gift follows', async () => {
    const customer = await running.customer(500, 'NOT_ACTIVATED');
    const { data, took } = await running.exchange(item, customer, once);
    expect(data?.status).toBe('CAPTURED');
    expect(took).toBeLessThan(1_500);
    const id = data?.id ?? '';
    expect(running.gifts.made.get(id)?.status).toBe('ISSUED');
    expect(await running.intents(id)).toEqual([{ kind: 'exchange-gift' }]);
    running.gifts.moods.delete(customer.accountId);
    await eventually(() => running.gifts.made.get(id)?.status === 'ACTIVE', { withinMs: 20_000 });
    await eventually(async () => (await running.intents(id)).length === 0);
    expect(await running.balance(customer.accountId)).toEqual({ balance: 200, held: 0 });
  }, 30_000);
});

describe('after a crash', () => {
  /** A wallet as a crash leaves it: 500 points, 300 of them held for an exchange that nobody pursues. */
  async function orphan(status: 'HELD' | 'CAPTURED' | 'RELEASING', gift?: 'ISSUED' | 'VOIDED') {
    const customer = await running.customer(500);
    const [id, { accountId }, giftId] = [uuidv7(), customer, uuidv7()];
    const entry = (number: number, kind: string, change: number, held: number) =>
      running.rows(
        `INSERT INTO "Entry" VALUES ($1, $2, $3::"EntryKind", 300, $4, 200, $5, '쿠폰', $6, now())`,
        ...[accountId, number, kind, change, held, id],
      );
    await running.rows(
      `INSERT INTO "GiftExchange" VALUES ($1, $2, $3, '쿠폰', 300, $4::"GiftExchangeStatus", $5, $6, now(), $7)`,
      ...[id, accountId, item, status, status === 'RELEASING' ? 'UNAVAILABLE' : null],
      ...(status === 'CAPTURED' ? [giftId, new Date()] : [null, null]),
    );
    await entry(2, 'HOLD', -300, 300);
    if (status === 'CAPTURED') await entry(3, 'CAPTURE', 0, 0);
    const [held, entries] = status === 'CAPTURED' ? [0, 3] : [300, 2];
    await running.rows(
      `UPDATE "Wallet" SET balance = 200, held = $2, entries = $3, version = version + 1 WHERE id = $1`,
      accountId,
      held,
      entries,
    );
    if (gift) running.gifts.made.set(id, { id: giftId, status: gift });
    const kind = status === 'RELEASING' ? 'void-gift' : 'exchange-gift';
    const payload = { scope: `exchangeGift by ${accountId}`, key: 'one wish' };
    await running.rows(
      `INSERT INTO kernel.intent (kind, key, payload, due_at, correlation_id) VALUES ($1, $2, $3, now(), 'c')`,
      kind,
      id,
      payload,
    );
    await eventually(async () => (await running.intents(id)).length === 0, { withinMs: 15_000 });
    const [exchange] = await running.exchangesOf(customer);
    return { status: exchange?.status, gift: running.gifts.made.get(id)?.status, ...(await running.balance(accountId)) };
  }

  it.each([
    ['before the call', 'HELD', undefined],
    ['after the gift was issued', 'HELD', 'ISSUED'],
    ['before the gift is voided', 'RELEASING', 'ISSUED'],
    ['before a gift that never was is voided', 'RELEASING', undefined],
    ['after the gift was voided', 'RELEASING', 'VOIDED'],
  ] as const)('%s: it is given up, there is no gift, and the points are back', async (_, status, gift) => {
    expect(await orphan(status, gift)).toEqual({ status: 'RELEASED', gift: 'VOIDED', balance: 500, held: 0 });
  });

  it('before the gift is activated: it is activated', async () => {
    expect(await orphan('CAPTURED', 'ISSUED')).toEqual({ status: 'CAPTURED', gift: 'ACTIVE', balance: 200, held: 0 });
  });
});

describe('a request that is slower than the sweep', () => {
  it('has its gift voided, and no points are gone', async () => {
    const customer = await running.customer(500);
    const { accountId } = customer;
    running.gifts.says.before = async (call) => {
      if (call.accountId !== accountId || call.mutation !== 'issue') return;
      await running.rows(`UPDATE kernel.intent SET due_at = now() WHERE key = $1 AND kind = 'exchange-gift'`, call.exchangeId);
      await eventually(async () => (await running.exchangesOf(customer))[0]?.status !== 'HELD');
    };
    expect((await running.exchange(item, customer)).refusal?.code).toBe('TRY_AGAIN_LATER');
    await eventually(() => untouched(customer), { withinMs: 20_000 });
    const [exchange] = await running.exchangesOf(customer);
    expect(running.gifts.made.get(exchange?.id ?? '')?.status).toBe('VOIDED');
    expect(await running.told(accountId)).toEqual(['WalletCredited', 'PointsHeld', 'PointsReleased']);
  }, 30_000);
});
