import { eventually } from '@madang/kernel/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { demoGiftItems } from './seeds.ts';
import { type RunningGifts, runningGifts } from './testing/running-gifts.ts';

let running: RunningGifts;
beforeAll(async () => {
  running = await runningGifts({
    env: { SEED: 'demo', GIFTS_TO_NOTIFICATIONS_BREAKER_FAILURES: '3', GIFTS_TO_NOTIFICATIONS_BREAKER_OPEN_MS: '1000' },
  });
});
afterEach(() => {
  running.notifications.says.now = 'SENT';
});
afterAll(() => running?.close());

const callsFor = (giftId: string) => running.notifications.calls.filter(({ about }) => about.id === giftId);

describe('using a gift', () => {
  it('tells its owner, while they wait', async () => {
    const { giftId, accountId, owner } = await running.activated();
    expect((await running.use(giftId, owner)).data?.status).toBe('USED');
    expect(callsFor(giftId)).toEqual([
      {
        accountId,
        template: 'GIFT_USED',
        values: [{ name: 'title', value: '아메리카노 쿠폰' }],
        about: { type: 'GIFT', id: giftId },
        idempotencyKey: `gift-used:${giftId}`,
      },
    ]);
    expect(await running.intents(giftId)).toEqual([]);
  });

  it.each(['OUT', 'SILENT'] as const)(
    'works within a second when notifications are %s, and the message follows',
    async (mood) => {
      const { giftId, owner } = await running.activated();
      running.notifications.says.now = mood;
      const { data, took } = await running.use(giftId, owner);
      expect(data?.status).toBe('USED');
      expect(took).toBeLessThan(1_500);
      expect(await running.intents(giftId)).toEqual([{ kind: 'send-message' }]);
      expect(await running.told(giftId)).toContain('GiftUsed');
      running.notifications.says.now = 'SENT';
      await eventually(async () => (await running.intents(giftId)).length === 0, { withinMs: 20_000 });
      expect(new Set(callsFor(giftId).map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
    },
    30_000,
  );

  it('does not ask notifications while the circuit is open, and the message follows', async () => {
    running.notifications.says.now = 'OUT';
    const first = await running.activated();
    const second = await running.activated();
    expect((await running.use(first.giftId, first.owner)).data?.status).toBe('USED');
    expect((await running.use(second.giftId, second.owner)).data?.status).toBe('USED');
    expect(callsFor(first.giftId)).not.toEqual([]);
    expect(callsFor(second.giftId)).toEqual([]);
    running.notifications.says.now = 'SENT';
    await eventually(async () => (await running.openIntents()).length === 0, { withinMs: 20_000 });
    expect(callsFor(second.giftId)).not.toEqual([]);
  });

  it('is used, and not forgotten, when notifications do not know what to say', async () => {
    const { giftId, owner } = await running.activated();
    running.notifications.says.now = 'UNKNOWN';
    expect((await running.use(giftId, owner)).data?.status).toBe('USED');
    expect(await running.intents(giftId)).toEqual([{ kind: 'send-message' }]);
  });
});

it('the demo has its gift items, once', async () => {
  await running.replica();
  const rows = await running.rows<{ id: string; stock: number | null }>(
    'SELECT id, stock FROM "GiftItem" WHERE id = ANY($1::uuid[]) ORDER BY id',
    demoGiftItems.map(({ id }) => id),
  );
  expect(rows.map(({ id }) => id)).toEqual(demoGiftItems.map(({ id }) => id));
  expect(await running.told(demoGiftItems[0].id)).toEqual(['GiftItemRegistered']);
});
