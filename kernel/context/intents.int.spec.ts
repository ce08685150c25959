import { Registry } from 'prom-client';
import { uuidv7 } from 'uuidv7';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '../prisma/index.ts';
import { eventually } from '../testing/index.ts';
import { cause, log, tallyYard } from '../testing/yard.ts';
import { type IntentHandler, RetryLater } from './definition.ts';
import { commit } from './execute.ts';
import { Intents } from './intents.ts';

describe('an intent', () => {
  let yard: Awaited<ReturnType<typeof tallyYard>>;
  const running: Intents[] = [];
  beforeAll(async () => {
    yard = await tallyYard();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((each) => each.stop()));
    await yard.db.query(sql`TRUNCATE kernel.intent`);
  });
  afterAll(() => yard.close());

  const intents = (call: IntentHandler, leaseMs = 200) => {
    const made = new Intents({
      context: 'tallies',
      db: yard.db,
      clock: yard.executor.clock,
      log,
      metrics: new Registry(),
      handlers: { call },
      pollMs: 20,
      leaseMs,
    });
    running.push(made);
    return made;
  };
  const store = (key: string, dueInMs = 0) => commit(yard.executor, cause, { open: [{ kind: 'call', key, payload: { key }, dueInMs }] });
  const close = (key: string) => commit(yard.executor, cause, { close: [{ kind: 'call', key }] });
  const open = () => yard.db.query(sql`SELECT key FROM kernel.intent`);

  it('that its request left open is finished by the sweep, with the correlation id', async () => {
    const key = uuidv7();
    const seen: unknown[] = [];
    await store(key);
    intents(async (intent, why) => {
      seen.push({ ...intent, correlationId: why.correlationId });
      await close(intent.key);
    }).start();
    await eventually(async () => (await open()).length === 0);
    expect(seen).toEqual([{ kind: 'call', key, payload: { key }, attempts: 1, correlationId: 'test' }]);
  });

  it('is left to its request until its lease runs out', async () => {
    const key = uuidv7();
    let swept = 0;
    await store(key, 60_000);
    const sweep = intents(async () => void swept++);
    sweep.start();
    await sweep.run('call', key, {}, cause);
    await close(key);
    expect(swept).toBe(1);
  });

  it('is tried until it is decided', async () => {
    const key = uuidv7();
    let tries = 0;
    await store(key);
    intents(async (intent) => {
      if (++tries < 4) throw new RetryLater(10, 'not yet');
      await close(intent.key);
    }).start();
    await eventually(async () => (await open()).length === 0);
    expect(tries).toBe(4);
  });

  it('that was put off is tried at once when what it waited for is back; one that its request has in hand is not', async () => {
    const [key, inHand] = [uuidv7(), uuidv7()];
    let back = false;
    const tried: string[] = [];
    await store(key);
    await store(inHand, 60_000);
    const sweep = intents(async (intent) => {
      tried.push(intent.key);
      if (!back) throw new RetryLater(60_000, 'out');
      await close(intent.key);
    });
    sweep.start();
    await eventually(async () => (await yard.db.query(sql`SELECT FROM kernel.intent WHERE last_error IS NOT NULL`)).length === 1);
    back = true;
    sweep.wake();
    await eventually(async () => (await open()).length === 1);
    expect(tried).toEqual([key, key]);
  });

  it('is swept by one replica at a time', async () => {
    const keys = Array.from({ length: 50 }, () => uuidv7());
    for (const key of keys) await store(key);
    const done: string[] = [];
    const handler: IntentHandler = async (intent) => {
      done.push(intent.key);
      await close(intent.key);
    };
    for (const each of [intents(handler), intents(handler)]) each.start();
    await eventually(async () => (await open()).length === 0);
    expect(done.sort()).toEqual(keys.sort());
  });
});
