import { eventually, times } from '@madang/kernel/testing';
import { RewardGranted } from '@madang/rewards/events';
import { uuidv7 } from 'uuidv7';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type RunningWallets, runningWallets } from './testing/running-wallets.ts';
import type { Mood } from './testing/stand-in-gifts.ts';

let running: RunningWallets;
beforeAll(async () => {
  running = await runningWallets({ replicas: 2, env: { WALLETS_EXCHANGE_LEASE_MS: '10000' } });
});
afterEach(async () => {
  await eventually(async () => (await running.openIntents()).length === 0, { withinMs: 30_000 });
  await running.sound();
  expect(await running.deadLetters()).toEqual([]);
});
afterAll(() => running?.close());

/** Points spent, and points of the gifts that can be used: the same, once nothing is open. */
async function expectSpentIsIssued() {
  const exchanges = await running.rows<{ id: string; status: string }>('SELECT id, status FROM "GiftExchange"');
  const spent = exchanges.filter(({ status }) => status === 'CAPTURED').map(({ id }) => id);
  const active = [...running.gifts.made].filter(([, { status }]) => status === 'ACTIVE').map(([id]) => id);
  expect(active.sort()).toEqual(spent.sort());
  expect(exchanges.filter(({ status }) => status === 'HELD' || status === 'RELEASING')).toEqual([]);
  expect([...running.gifts.made.values()].filter(({ status }) => status === 'ISSUED')).toEqual([]);
}

it('a hundred exchanges of one account at once, on two replicas: as many as its points are worth, and no more', async () => {
  const item = await running.item(300);
  const customer = await running.customer(3_100);
  const answers = await Promise.all(Array.from({ length: 100 }, () => running.exchange(item, customer)));
  expect(answers.filter(({ data }) => data?.status === 'CAPTURED')).toHaveLength(10);
  expect(answers.flatMap(({ refusal }) => refusal?.code ?? [])).toEqual(Array.from({ length: 90 }, () => 'NOT_ENOUGH_POINTS'));
  expect(await running.balance(customer.accountId)).toEqual({ balance: 100, held: 0 });
  await expectSpentIsIssued();
}, 60_000);

it('while rewards come in: every reward counts once, every exchange once', async () => {
  const item = await running.item(300);
  const customer = await running.customer(300);
  const { accountId } = customer;
  const rewards = Array.from({ length: 30 }, () => uuidv7());
  const coming = times(
    30,
    (turn) => running.publish(RewardGranted, { accountId, rewardId: rewards[turn] ?? '', points: 100 }, 2).then(() => {}),
    3,
  );
  let captured = 0;
  await times(40, async () => {
    const { data, refusal } = await running.exchange(item, customer);
    if (data?.status === 'CAPTURED') captured++;
    else expect(refusal?.code).toBe('NOT_ENOUGH_POINTS');
  });
  await coming;
  await eventually(async () => {
    const [row] = await running.rows<{ count: number }>(
      `SELECT count(*)::int FROM "Entry" WHERE "walletId" = $1 AND kind = 'CREDIT'`,
      accountId,
    );
    return row?.count === 31;
  });
  expect(await running.balance(accountId)).toEqual({ balance: 300 + 3_000 - captured * 300, held: 0 });
  await expectSpentIsIssued();
}, 60_000);

it('two hundred exchanges with gifts that are well, out, silent, or lose their answers: spent equals issued', async () => {
  const item = await running.item(300);
  const customers = await Promise.all(Array.from({ length: 20 }, () => running.customer(3_000)));
  const moods: Mood[] = ['ISSUED', 'ISSUED', 'OUT', 'ISSUED', 'LOST', 'LOST_ONCE', 'SOLD_OUT', 'ISSUED', 'NOT_ACTIVATED', 'SILENT'];
  let turn = 0;
  running.gifts.says.before = async ({ mutation }) => {
    if (mutation === 'issue') running.gifts.says.now = moods[turn++ % moods.length] ?? 'ISSUED';
  };
  const told = new Map<string, number>();
  await times(
    200,
    async (at) => {
      const { data, refusal } = await running.exchange(item, customers[at % customers.length] as (typeof customers)[0]);
      const outcome = data?.status ?? refusal?.code ?? '';
      told.set(outcome, (told.get(outcome) ?? 0) + 1);
    },
    20,
  );
  running.gifts.says.before = undefined;
  running.gifts.says.now = 'ISSUED';
  expect([...told.keys()].filter((outcome) => !['CAPTURED', 'TRY_AGAIN_LATER', 'SOLD_OUT', 'NOT_ENOUGH_POINTS'].includes(outcome))).toEqual(
    [],
  );
  await eventually(async () => (await running.openIntents()).length === 0, { withinMs: 30_000 });
  await expectSpentIsIssued();
  const [row] = await running.rows<{ count: number }>(
    `SELECT count(*)::int FROM "GiftExchange" WHERE status = 'CAPTURED' AND "accountId" = ANY($1)`,
    customers.map(({ accountId }) => accountId),
  );
  expect(row?.count, 'whoever was told so has a gift, and nobody else').toBe(told.get('CAPTURED'));
}, 120_000);
