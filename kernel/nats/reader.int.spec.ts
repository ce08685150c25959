import { Registry } from 'prom-client';
import { uuidv7 } from 'uuidv7';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { commit } from '../context/execute.ts';
import { isOutage } from '../context/outage.ts';
import { defineEvent, type EventDefinition, type Received, Refused } from '../domain/index.ts';
import { sql } from '../prisma/index.ts';
import { eventually, type OwnServer, startOwnNats, testPrefix } from '../testing/index.ts';
import { declaredTally, TallyRaised } from '../testing/tally.ts';
import { cause, log, openBroker, tallyYard } from '../testing/yard.ts';
import type { Broker } from './broker.ts';
import { listDeadLetters, retryDeadLetter } from './dead-letters.ts';
import { Reader } from './reader.ts';
import { Relay } from './relay.ts';

interface Seen {
  readonly tallyId: string;
  readonly count: number;
}
type Effect = (event: Received<Seen>) => Promise<void> | void;

/** Counts what `effect` let through, in a table of the consuming database: the effect and the inbox row are one statement. */
async function consumer(broker: Broker, effect: Effect = () => {}, listening: readonly EventDefinition[] = [declaredTally()]) {
  const yard = await tallyYard();
  await yard.db.query(sql`CREATE TABLE "Effect" ("at" SERIAL, "key" TEXT NOT NULL, "count" INT NOT NULL)`);
  const made: Reader[] = [];
  const start = (metrics: Registry = new Registry()) => {
    const reader = new Reader({
      context: 'mirrors',
      broker,
      db: yard.db,
      log,
      metrics,
      isOutage,
      tries: 3,
      handlers: listening.map((when) => {
        const name = when.version === 1 ? 'mirror-tally' : `mirror-tally-v${when.version}`;
        return {
          name,
          when,
          async handle(event) {
            const { data, id } = event as Received<Seen>;
            await effect(event as Received<Seen>);
            await commit(
              yard.executor,
              { ...cause, inbox: { eventId: id, handler: name } },
              {
                writes: [{ sql: sql`INSERT INTO "Effect" ("key", "count") VALUES (${data.tallyId}, ${data.count})`, expect: 'one' }],
              },
            );
          },
        };
      }),
    });
    made.push(reader);
    reader.start();
    return reader;
  };
  const effects = () => yard.db.query<{ key: string; count: number }>(sql`SELECT key, count FROM "Effect" ORDER BY at`);
  return {
    start,
    effects,
    async close() {
      await Promise.all(made.map((reader) => reader.stop(1_000)));
      await yard.close();
    },
  };
}

describe('a consumer', () => {
  let source: Awaited<ReturnType<typeof tallyYard>>;
  const closing: (() => Promise<unknown>)[] = [];
  const later = <T extends { close(): Promise<unknown> }>(thing: T): T => {
    closing.push(() => thing.close());
    return thing;
  };

  beforeAll(async () => {
    source = await tallyYard();
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
    await source.db.query(sql`TRUNCATE kernel.outbox`);
  });
  afterAll(() => source.close());

  const publishing = (broker: Broker) => {
    const relay = new Relay({ context: 'tallies', db: source.db, broker, log, metrics: new Registry() });
    closing.push(() => relay.stop(0));
    relay.start();
  };

  it('lets each effect happen once and keeps the order of a key, with two readers at work', async () => {
    const broker = later(await openBroker());
    const mirror = later(await consumer(broker, () => new Promise((next) => setTimeout(next, Math.random() * 3))));
    publishing(broker);
    mirror.start();
    mirror.start();
    const ids = Array.from({ length: 10 }, () => uuidv7());
    for (let round = 0; round < 20; round++) await Promise.all(ids.map((id) => source.raise(id)));
    await eventually(async () => (await mirror.effects()).length === 200);
    const effects = await mirror.effects();
    for (const id of ids)
      expect(effects.filter(({ key }) => key === id).map(({ count }) => count)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
  });

  it('tries again what fails, without holding up other keys, and keeps the failing key in order', async () => {
    const broker = later(await openBroker());
    const [bad, good] = [uuidv7(), uuidv7()];
    let failures = 0;
    const mirror = later(
      await consumer(broker, ({ data }) => {
        if (data.tallyId === bad && data.count === 1 && failures++ < 2) throw new Error('not yet');
      }),
    );
    publishing(broker);
    mirror.start();
    for (let count = 0; count < 3; count++) for (const id of [bad, good]) await source.raise(id);
    await eventually(async () => (await mirror.effects()).length === 6);
    const effects = await mirror.effects();
    expect(failures).toBe(3);
    expect(effects.filter(({ key }) => key === bad).map(({ count }) => count)).toEqual([1, 2, 3]);
    expect(effects.findIndex(({ key }) => key === good)).toBeLessThan(effects.findIndex(({ key }) => key === bad));
  });

  it('buries what fails for good with the reason, goes on with the key, and carries it out when it is retried', async () => {
    const broker = later(await openBroker());
    const id = uuidv7();
    let mended = false;
    const mirror = later(
      await consumer(broker, ({ data }) => {
        if (data.count === 1 && !mended) throw new Refused('NO_MIRROR', 'There is no mirror.');
      }),
    );
    publishing(broker);
    mirror.start();
    await source.raise(id);
    await source.raise(id);
    await eventually(async () => (await mirror.effects()).length === 1);
    const letters = await listDeadLetters(broker, 'mirrors');
    expect(letters).toMatchObject([
      { consumer: 'mirrors', handler: 'mirror-tally', reason: 'Refused: There is no mirror.', subject: `tallies.tally.TallyRaised.${id}` },
    ]);
    expect(await listDeadLetters(broker, 'others')).toEqual([]);
    mended = true;
    await retryDeadLetter(broker, letters[0]?.sequence ?? 0);
    await eventually(async () => (await mirror.effects()).length === 2);
    expect(await listDeadLetters(broker)).toEqual([]);
    await expect(retryDeadLetter(broker, 999)).rejects.toThrow('no dead letter 999');
  });

  it('reads two versions of an event side by side, each with its own handler, in the order of their key', async () => {
    const broker = later(await openBroker());
    const newer = defineEvent({
      context: 'tallies',
      aggregate: 'tally',
      name: 'TallyRaised',
      version: 2,
      key: (data) => data.tallyId,
      payload: z.object({ tallyId: z.string(), count: z.int(), by: z.literal(7) }),
      examples: [{ tallyId: 'a', count: 1, by: 7 }],
    });
    const seen: number[] = [];
    const mirror = later(await consumer(broker, ({ version }) => void seen.push(version), [declaredTally(), newer as never]));
    const id = uuidv7();
    for (const by of [1, 7, 1]) await source.raise(id, by);
    await source.db.query(sql`UPDATE kernel.outbox SET type = 'madang.tallies.TallyRaised.v2' WHERE data ->> 'by' = '7'`);
    publishing(broker);
    mirror.start();
    await eventually(async () => (await mirror.effects()).length === 3);
    expect((await mirror.effects()).map(({ count }) => count)).toEqual([1, 8, 9]);
    expect(seen).toEqual([1, 2, 1]);
    expect(await listDeadLetters(broker)).toEqual([]);
  });

  it('buries a message that is no valid event', async () => {
    const broker = later(await openBroker());
    const mirror = later(await consumer(broker));
    mirror.start();
    await broker.ensureStream('tallies');
    await broker.js.publish(broker.names.subject(`${TallyRaised.subject}.x`), '{"tallyId":1}');
    const letters = await eventually(async () => {
      const found = await listDeadLetters(broker);
      return found.length === 1 && found;
    });
    expect(letters[0]).toMatchObject({ handler: '*', reason: expect.stringContaining('not a CloudEvent'), data: '{"tallyId":1}' });
  });

  it('goes on with the key after a buried message', async () => {
    const broker = later(await openBroker());
    const mirror = later(await consumer(broker));
    const id = uuidv7();
    await source.raise(id);
    await source.db.query(sql`UPDATE kernel.outbox SET data = '{"count":"none"}' WHERE key = ${id}`);
    await source.raise(id);
    publishing(broker);
    mirror.start();
    await eventually(async () => (await mirror.effects()).length === 1);
    expect(await mirror.effects()).toEqual([{ key: id, count: 2 }]);
    expect(await listDeadLetters(broker)).toMatchObject([{ reason: expect.stringContaining('do not fit') }]);
  });

  it('survives kill -9 of the broker in the middle, with nothing lost and nothing twice', async () => {
    const server: OwnServer = await startOwnNats();
    closing.push(() => server.remove());
    const broker = later(await openBroker(testPrefix(), server.url));
    const mirror = later(await consumer(broker));
    publishing(broker);
    mirror.start();
    const raised = Promise.all(Array.from({ length: 200 }, () => source.raise(uuidv7())));
    await eventually(async () => (await mirror.effects()).length > 0);
    await server.kill();
    await raised;
    await server.start();
    await source.raise(uuidv7());
    await eventually(async () => (await mirror.effects()).length >= 201, { withinMs: 20_000 });
    expect(new Set((await mirror.effects()).map(({ key }) => key)).size).toBe(201);
    expect(await mirror.effects()).toHaveLength(201);
  });
});
