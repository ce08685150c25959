import { DeliverPolicy } from '@nats-io/jetstream';
import { uuidv7 } from 'uuidv7';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '../prisma/index.ts';
import { eventually, type OwnServer, startOwnNats } from '../testing/index.ts';
import { log, openBroker, tallyYard } from '../testing/yard.ts';
import type { Broker } from './broker.ts';
import { refill } from './refill.ts';
import { Relay } from './relay.ts';

interface Stored {
  readonly id: string;
  readonly key: string;
  readonly after: string[];
  readonly count: number;
}

async function stored(broker: Broker): Promise<Stored[]> {
  const jsm = await broker.manager();
  const stream = broker.names.stream('tallies');
  const { state } = await jsm.streams.info(stream);
  const found: Stored[] = [];
  if (state.messages === 0) return found;
  const consumer = await broker.js.consumers.get(stream, { deliver_policy: DeliverPolicy.All });
  const messages = await consumer.fetch({ max_messages: state.messages, expires: 5_000 });
  for await (const message of messages)
    found.push({
      id: message.headers?.get('ce-id') ?? '',
      key: message.headers?.get('ce-subject') ?? '',
      after: (message.headers?.get('ce-after') ?? '').split(',').filter(Boolean),
      count: message.json<{ count: number }>().count,
    });
  return found;
}

describe('the outbox relay', () => {
  let yard: Awaited<ReturnType<typeof tallyYard>>;
  let broker: Broker;
  const relays: Relay[] = [];
  const relay = (on: Broker = broker) => {
    const made = new Relay({
      context: 'tallies',
      db: yard.db,
      broker: on,
      log,
      metrics: new (yard.metrics.constructor as typeof import('prom-client').Registry)(),
    });
    relays.push(made);
    made.start();
    return made;
  };
  const backlog = async () =>
    Number((await yard.db.query<{ n: string }>(sql`SELECT count(*) AS n FROM kernel.outbox WHERE published_at IS NULL`))[0]?.n);

  beforeAll(async () => {
    yard = await tallyYard();
    broker = await openBroker();
  });
  afterEach(async () => {
    await Promise.all(relays.splice(0).map((each) => each.stop(0)));
  });
  afterAll(async () => {
    await broker.close();
    await yard.close();
  });

  it('publishes every event once, each key in order, with its predecessors', async () => {
    relay();
    const ids = Array.from({ length: 20 }, () => uuidv7());
    for (let round = 0; round < 5; round++) await Promise.all(ids.map((id) => yard.raise(id)));
    await eventually(async () => (await backlog()) === 0);
    const all = await stored(broker);
    expect(all).toHaveLength(100);
    for (const id of ids) {
      const own = all.filter(({ key }) => key === id);
      expect(own.map(({ count }) => count)).toEqual([1, 2, 3, 4, 5]);
      expect(own[4]?.after).toEqual(
        own
          .slice(0, 4)
          .map((event) => `TallyRaised/${event.id}`)
          .reverse(),
      );
    }
  });

  it('is active in one replica, and in another when that one goes', async () => {
    const one = relay();
    await eventually(() => one.active);
    const two = relay();
    await yard.raise(uuidv7());
    await eventually(async () => (await backlog()) === 0);
    expect(two.active).toBe(false);
    await one.stop();
    await yard.raise(uuidv7());
    await eventually(async () => (await backlog()) === 0);
    expect(two.active).toBe(true);
  });

  describe('with a broker of its own', () => {
    let server: OwnServer;
    let own: Broker;
    beforeAll(async () => {
      server = await startOwnNats();
      own = await openBroker('', server.url);
    });
    afterAll(async () => {
      await own.close();
      await server.remove();
    });

    it('catches up after the broker was away, and refills one that has lost its events', async () => {
      await yard.db.query(sql`TRUNCATE kernel.outbox`);
      const since = new Date();
      const made = relay(own);
      await yard.raise(uuidv7());
      await eventually(async () => (await backlog()) === 0);
      await server.kill();
      await Promise.all(Array.from({ length: 50 }, () => yard.raise(uuidv7())));
      expect(await backlog()).toBe(50);
      await server.start();
      await eventually(async () => (await backlog()) === 0, { withinMs: 20_000 });
      const before = await stored(own);
      expect(before).toHaveLength(51);

      const jsm = await own.manager();
      for (const sequence of [2, 3, 51]) await jsm.streams.deleteMessage('TALLIES', sequence);
      expect(await refill(yard.db, own, 'tallies', since)).toEqual({ seen: 51, published: 3 });
      expect(new Set((await stored(own)).map(({ id }) => id))).toEqual(new Set(before.map(({ id }) => id)));

      await jsm.streams.delete('TALLIES');
      expect(await refill(yard.db, own, 'tallies', since)).toEqual({ seen: 51, published: 51 });
      expect((await stored(own)).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
      expect(made.active).toBe(true);
    });

    it('does not wait for what a broker that is gone would have acknowledged', async () => {
      await yard.db.query(sql`TRUNCATE kernel.outbox`);
      relay(own);
      await yard.raise(uuidv7());
      await eventually(async () => (await backlog()) === 0);
      process.kill(server.pid, 'SIGSTOP');
      const { outMsgs } = own.connection.stats();
      await yard.raise(uuidv7());
      await eventually(() => own.connection.stats().outMsgs > outMsgs);
      const sent = Date.now();
      await server.kill();
      await server.start();
      await eventually(async () => (await backlog()) === 0);
      expect(Date.now() - sent).toBeLessThan(5_000);
    });
  });
});
