import { times } from '@madang/kernel/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningGifts, runningGifts } from './testing/running-gifts.ts';

const RACES = 100;
let running: RunningGifts;
beforeAll(async () => {
  running = await runningGifts({ replicas: 2 });
});
afterAll(() => running?.close());

const later = (ms: number, run: () => Promise<unknown>) => new Promise((done) => setTimeout(() => done(run()), ms));
/** Items whose stock is not what their gifts leave of it: none, at any moment. */
const wrongStocks = () =>
  running.rows(`SELECT item.id, item.remaining, count(gift.id) AS taken FROM "GiftItem" item
    LEFT JOIN "Gift" gift ON gift."giftItemId" = item.id AND gift.status <> 'VOIDED'
    WHERE item.stock IS NOT NULL GROUP BY item.id HAVING item.stock - item.remaining <> count(gift.id)`);

describe('at the same moment, on two replicas', () => {
  it('fifty want one of ten: ten have it, forty are told that it is sold out', async () => {
    const item = (await running.register({ stock: 10 })).data;
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => running.issue(running.exchange(), { giftItemId: item?.id, points: 300 })),
    );
    expect(answers.filter(({ data }) => data?.status === 'ISSUED')).toHaveLength(10);
    expect(answers.flatMap(({ refusal }) => refusal?.code ?? [])).toEqual(Array.from({ length: 40 }, () => 'SOLD_OUT'));
    expect((await running.item(item?.id ?? ''))?.remaining).toBe(0);
  });

  it('an item without a limit is not written', async () => {
    const item = (await running.register()).data;
    const written = () => running.rows('SELECT xmin::text, ctid::text FROM "GiftItem" WHERE id = $1', item?.id);
    const before = await written();
    const exchanges = Array.from({ length: 20 }, () => running.exchange());
    await Promise.all(exchanges.map((exchange) => running.issue(exchange, { giftItemId: item?.id, points: 300 })));
    for (const exchange of exchanges) expect((await running.revoke(exchange)).data?.status).toBe('VOIDED');
    expect(await written()).toEqual(before);
  });

  it('one exchange asks four times: one gift, one of the stock', () =>
    times(RACES / 4, async () => {
      const item = (await running.register({ stock: 5 })).data;
      const exchange = running.exchange();
      const all = await Promise.all([1, 2, 3, 4].map(() => running.issue(exchange, { giftItemId: item?.id, points: 300 })));
      expect(new Set(all.map(({ data }) => data?.id)).size).toBe(1);
      expect((await running.item(item?.id ?? ''))?.remaining).toBe(4);
      expect(await running.told(all[0]?.data?.id ?? '')).toEqual(['GiftIssued']);
    }));

  it('issuing races voiding, and the last one of the stock is wanted by others: voided in the end, and the stock is right', async () => {
    const item = (await running.register({ stock: 3 })).data;
    const wish = { giftItemId: item?.id, points: 300 };
    const before = { issued: 0, tombstones: 0 };
    await times(RACES, async (turn) => {
      const exchange = running.exchange();
      const issue = later((turn * 3) % 5, () => running.issue(exchange, wish));
      const { data } = await running.revoke(exchange);
      await issue;
      expect(data?.status).toBe('VOIDED');
      before[data?.title ? 'issued' : 'tombstones']++;
      expect(await running.giftsOf(exchange)).toMatchObject([{ status: 'VOIDED' }]);
      expect((await running.issue(exchange, wish)).refusal?.code).toBe('EXCHANGE_VOIDED');
    });
    expect(before.issued + before.tombstones).toBe(RACES);
    expect((await running.item(item?.id ?? ''))?.remaining).toBe(3);
  });

  it('activating races voiding: one of them wins, and both are told the same', () =>
    times(RACES, async (turn) => {
      const item = (await running.register({ stock: 1 })).data;
      const exchange = running.exchange();
      await running.issue(exchange, { giftItemId: item?.id, points: 300 });
      const both = [() => running.activate(exchange), () => running.revoke(exchange)];
      const answers = await Promise.all((turn % 2 === 0 ? both : both.reverse()).map((run) => run()));
      const [gift] = await running.giftsOf(exchange);
      const codes = answers.flatMap(({ refusal }) => refusal?.code ?? []);
      expect(codes).toEqual([gift?.status === 'VOIDED' ? 'EXCHANGE_VOIDED' : 'ALREADY_ACTIVE']);
      expect((await running.item(item?.id ?? ''))?.remaining).toBe(gift?.status === 'VOIDED' ? 1 : 0);
    }));

  it('the owner uses a gift four times: it is used once, and told once', () =>
    times(RACES / 4, async () => {
      const { giftId, owner } = await running.activated();
      const all = await Promise.all([1, 2, 3, 4].map(() => running.use(giftId, owner)));
      expect(all.map(({ data }) => data?.status)).toEqual(['USED', 'USED', 'USED', 'USED']);
      expect(await running.told(giftId)).toEqual(['GiftIssued', 'GiftActivated', 'GiftUsed']);
      expect(running.notifications.calls.filter(({ about }) => about.id === giftId)).toHaveLength(1);
    }));
});

it('afterwards, every stock is what its gifts leave of it', async () => {
  expect(await wrongStocks()).toEqual([]);
  expect(await running.deadLetters()).toEqual([]);
});
