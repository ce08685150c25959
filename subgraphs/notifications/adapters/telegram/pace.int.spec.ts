import { RetryLater } from '@madang/kernel/context';
import { createLogger } from '@madang/kernel/observability';
import { Database } from '@madang/kernel/prisma';
import { testDatabase } from '@madang/kernel/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TelegramPace, telegramPace } from './pace.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let db: Database;
let pace: TelegramPace;
let now = 0;
let random = 0;
const pass = (ms: number) => {
  now += ms;
};

beforeAll(async () => {
  database = await testDatabase('notifications');
  db = new Database({ url: database.url, poolSize: 4, applicationName: 'test', log: createLogger({ name: 'test', level: 'silent' }) });
  pace = telegramPace(db, { now: () => new Date(now) }, () => random);
});
beforeEach(async () => {
  await db.pool.query('TRUNCATE "TelegramPace"');
  now = Date.parse('2026-11-20T06:00:00.000Z');
  random = 0;
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

/** The milliseconds that it has to wait: below zero where it is to ask again after so long. */
const asked = (chatId: string, trial = false) =>
  pace.admit(chatId, trial).catch((error: unknown) => {
    if (error instanceof RetryLater) return -error.inMs;
    throw error;
  });

describe('the pace', () => {
  it('is one a second to a chat', async () => {
    expect(await asked('1')).toBe(0);
    expect(await asked('1')).toBe(-1_000);
    pass(600);
    expect(await asked('1')).toBe(-400);
    pass(400);
    expect(await asked('1')).toBe(0);
  });

  it('is 20 a minute to a group', async () => {
    expect(await asked('-1')).toBe(0);
    expect(await asked('-1')).toBe(-3_000);
    pass(3_000);
    expect(await asked('-1')).toBe(0);
  });

  it('is a place in a row for all chats together, as far ahead as a call may wait', async () => {
    const places: number[] = [];
    for (let chat = 1; chat <= 40; chat++) places.push(await asked(`${chat}`));
    expect(places.slice(0, 4)).toEqual([0, 34, 68, 102]);
    expect(places.filter((wait) => wait >= 0).every((wait) => wait <= 1_234)).toBe(true);
    expect(places.filter((wait) => wait >= 0)).toHaveLength(36);
    expect(new Set(places.slice(36))).toEqual(new Set([-1_224]));
  });

  it('of a chat counts from when its message goes out', async () => {
    await asked('1');
    expect(await asked('2')).toBe(34);
    pass(1_000);
    expect(await asked('2')).toBeLessThan(0);
    pass(34);
    expect(await asked('2')).toBe(0);
  });

  it('spreads those who have to ask again over a tenth of a second', async () => {
    await asked('1');
    random = 0.5;
    expect(await asked('1')).toBe(-1_050);
  });

  it('of many at once takes every place once', async () => {
    const places = await Promise.all(Array.from({ length: 30 }, (_, chat) => asked(`${chat + 1}`)));
    expect(places.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, place) => place * 34));
  });
});

describe('waiting', () => {
  it('is for all while the channel is left alone', async () => {
    await pace.pause(8_000);
    expect(await asked('1')).toBe(-8_000);
    pass(8_000);
    expect(await asked('1')).toBe(0);
  });

  it('is for all but one at a time while it is tried', async () => {
    expect(await asked('1', true)).toBe(0);
    expect(await asked('2', true)).toBe(-1_000);
  });

  it('is for the chat that Telegram says it of', async () => {
    await asked('1');
    await pace.limit('1', 30_000);
    expect(await asked('1')).toBe(-30_000);
    expect(await asked('2')).toBe(34);
  });

  it('is for all when Telegram says it of two chats', async () => {
    await pace.limit('1', 30_000);
    pass(5_000);
    await pace.limit('2', 40_000);
    expect(await asked('3')).toBe(-40_000);
  });

  it('of long ago is forgotten', async () => {
    await pace.limit('1', 30_000);
    pass(30_000);
    await pace.limit('2', 30_000);
    expect(await asked('3')).toBe(0);
  });
});
