import type { User } from '@madang/kernel/domain';
import { eventually } from '@madang/kernel/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RunningWallets, runningWallets } from './testing/running-wallets.ts';

let running: RunningWallets;
afterEach(async () => {
  running.gifts.says.before = undefined;
  running.gifts.says.now = 'ISSUED';
  await eventually(async () => (await running.openIntents()).length === 0, { withinMs: 20_000 });
  await running.sound();
});

const mutations = (customer: User) => running.callsFor(customer).map(({ mutation }) => mutation);

describe('with room for one call and no queue', () => {
  beforeAll(async () => {
    running = await runningWallets({ env: { WALLETS_TO_GIFTS_BULKHEAD: '1', WALLETS_TO_GIFTS_QUEUE: '0' } });
  });
  afterAll(() => running?.close());

  it('one exchange passes; those at the same time are refused at once, no points gone, no call made', async () => {
    const item = await running.item(300);
    const customers = await Promise.all(Array.from({ length: 10 }, () => running.customer(500)));
    const [first, ...others] = customers as [User, ...User[]];
    const inside = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    running.gifts.says.before = async ({ mutation }) => {
      inside.resolve();
      if (mutation === 'issue') await release.promise;
    };
    const passing = running.exchange(item, first);
    await inside.promise;
    const refused = await Promise.all(others.map((customer) => running.exchange(item, customer)));
    release.resolve();
    expect((await passing).data?.status).toBe('CAPTURED');
    for (const { refusal, took } of refused) {
      expect(refusal).toMatchObject({ code: 'TRY_AGAIN_LATER', retryAfterSeconds: expect.any(Number) });
      expect(took).toBeLessThan(500);
    }
    for (const customer of others) {
      expect(await running.balance(customer.accountId)).toEqual({ balance: 500, held: 0 });
      expect(await running.exchangesOf(customer)).toMatchObject([{ status: 'RELEASED', reason: 'UNAVAILABLE' }]);
      expect(mutations(customer)).toEqual([]);
    }
    expect((await running.exchange(item, first)).refusal?.code).toBe('NOT_ENOUGH_POINTS');
    expect((await running.exchange(item, others[0] as User)).data?.status).toBe('CAPTURED');
  });
});

describe('behind an open circuit', () => {
  beforeAll(async () => {
    running = await runningWallets({ env: { WALLETS_TO_GIFTS_BREAKER_FAILURES: '3', WALLETS_TO_GIFTS_BREAKER_OPEN_MS: '2000' } });
  });
  afterAll(() => running?.close());

  it('an exchange is refused at once, no points gone, nothing to be voided', async () => {
    const item = await running.item(300);
    const [breaking, customer] = [await running.customer(500), await running.customer(500)];
    running.gifts.says.now = 'OUT';
    await running.exchange(item, breaking);
    const { refusal, took } = await running.exchange(item, customer, { idempotencyKey: 'one wish' });
    expect(refusal).toMatchObject({ code: 'TRY_AGAIN_LATER', retryAfterSeconds: expect.any(Number) });
    expect(took).toBeLessThan(500);
    expect(await running.balance(customer.accountId)).toEqual({ balance: 500, held: 0 });
    expect(await running.exchangesOf(customer)).toMatchObject([{ status: 'RELEASED', reason: 'UNAVAILABLE' }]);
    running.gifts.says.now = 'ISSUED';
    await eventually(async () => (await running.exchange(item, customer, { idempotencyKey: 'one wish' })).data?.status === 'CAPTURED', {
      everyMs: 200,
    });
    expect(mutations(customer)).toEqual(['issue', 'activate']);
    await eventually(async () => (await running.balance(breaking.accountId))?.balance === 500);
    expect(mutations(breaking)).toContain('void');
  });
});
