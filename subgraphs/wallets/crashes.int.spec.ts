import type { User } from '@madang/kernel/domain';
import { type Carriage, eventually, times } from '@madang/kernel/testing';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type WalletsWithGifts, walletsWithGifts } from './testing/with-gifts.ts';

let yard: WalletsWithGifts;
beforeAll(async () => {
  yard = await walletsWithGifts();
});
beforeEach(() => {
  yard.carry(() => 'SOUND');
});
afterAll(() => yard?.close());

const pause = (ms: number) => new Promise((next) => setTimeout(next, ms));
const captured = async (item: string) =>
  (await yard.own.rows(`SELECT FROM "GiftExchange" WHERE status = 'CAPTURED' AND "giftItemId" = $1`, item)).length;

it('points become a gift', async () => {
  const item = await yard.item(300);
  const customer = await yard.customer(500);
  const answer = await yard.exchange(item, customer);
  expect(answer?.data?.status).toBe('CAPTURED');
  await yard.expectSpentIsIssued();
});

it('kill -9 of wallets and of gifts, in turn, in the middle of two hundred exchanges: spent equals issued, once for whoever asks again', async () => {
  const [plenty, limited] = [await yard.item(300), await yard.item(100, 60)];
  // Enough for what is held meanwhile, until it comes back.
  const customers = await Promise.all(Array.from({ length: 20 }, () => yard.customer(9_000)));
  let answered = 0;
  let over = false;
  const killing = (async () => {
    for (let turn = 0; !over && turn < 6; turn++) {
      const enough = answered + 15;
      await eventually(() => over || answered >= enough, { withinMs: 30_000, everyMs: 5 });
      await pause(Math.random() * 30);
      const victim = turn % 2 === 0 ? yard.wallets : yard.gifts;
      await victim.kill('SIGKILL');
      await victim.start();
    }
  })();
  const unexpected: string[] = [];
  await times(
    200,
    async (turn) => {
      const wish = { idempotencyKey: uuidv7() };
      const customer = customers[turn % customers.length] as User;
      const ask = () => yard.exchange(turn % 2 === 0 ? plenty : limited, customer, wish);
      let answer = await ask();
      while (answer === null || answer.refusal?.code === 'TRY_AGAIN_LATER') {
        await pause(100);
        answer = await ask();
      }
      answered++;
      if (answer.refusal && answer.refusal.code !== 'SOLD_OUT') unexpected.push(answer.refusal.code);
    },
    20,
  );
  over = true;
  await killing;
  await yard.expectSpentIsIssued();
  expect(unexpected).toEqual([]);
  expect(await captured(plenty)).toBe(100);
  expect(await captured(limited)).toBeGreaterThan(0);
  expect(await yard.wrongStocks()).toEqual([]);
}, 180_000);

it('two hundred exchanges over a wire that is slow past the time-out, and loses questions and answers: spent equals issued', async () => {
  const items = [await yard.item(300), await yard.item(100, 50)];
  const customers = await Promise.all(Array.from({ length: 20 }, () => yard.customer(3_000)));
  const how: Carriage[] = ['SOUND', 'SOUND', 'ANSWER_LOST', 'SOUND', 'QUESTION_LOST', 'SOUND', { lateMs: 700 }, 'SOUND', { lateMs: 1_500 }];
  yard.carry(() => how[Math.floor(Math.random() * how.length)] ?? 'SOUND');
  await times(
    200,
    async (turn) => {
      await yard.exchange(items[turn % 2] ?? '', customers[turn % customers.length] as User);
    },
    20,
  );
  yard.carry(() => 'SOUND');
  await yard.expectSpentIsIssued();
  // What is late on the wire arrives, and changes nothing.
  await eventually(() => yard.wire.carrying === 0);
  await yard.expectSpentIsIssued();
  expect(await yard.wrongStocks()).toEqual([]);
}, 120_000);

it('gifts are gone: refused, no points gone; back again: as before', async () => {
  const item = await yard.item(300);
  const customer = await yard.customer(600);
  await yard.gifts.kill('SIGTERM');
  const refused = await yard.exchange(item, customer);
  expect(refused?.refusal).toMatchObject({ code: 'TRY_AGAIN_LATER', retryAfterSeconds: expect.any(Number) });
  await yard.gifts.start();
  await eventually(async () => {
    const [wallet] = await yard.own.rows<{ balance: number; held: number }>('SELECT * FROM "Wallet" WHERE id = $1', customer.accountId);
    expect(wallet).toMatchObject({ balance: 600, held: 0 });
  });
  await eventually(async () => (await yard.exchange(item, customer))?.data?.status === 'CAPTURED');
  await yard.expectSpentIsIssued();
});

it('a void that overtakes the gift is kept by the real gifts: it is never issued', async () => {
  const item = await yard.item(300);
  const [accountId, exchangeId] = [uuidv7(), uuidv7()];
  const of = { accountId, exchangeId, idempotencyKey: exchangeId };
  expect((await yard.callGifts('voidGift', 'VoidGiftInput', of)).data?.status).toBe('VOIDED');
  const { refusal } = await yard.callGifts('issueGift', 'IssueGiftInput', { ...of, giftItemId: item, points: 300 });
  expect(refusal?.code).toBe('EXCHANGE_VOIDED');
});
