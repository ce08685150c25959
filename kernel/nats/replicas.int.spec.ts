import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Registry } from 'prom-client';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sql } from '../prisma/index.ts';
import { eventually, testPrefix, testServers } from '../testing/index.ts';
import { log, openBroker, tallyYard } from '../testing/yard.ts';
import type { Broker } from './broker.ts';
import { Relay } from './relay.ts';

interface Effect {
  readonly key: string;
  readonly count: number;
  readonly by: number;
}

let source: Awaited<ReturnType<typeof tallyYard>>;
let target: Awaited<ReturnType<typeof tallyYard>>;
let broker: Broker;
let relay: Relay;
const prefix = testPrefix();
const replicas: ChildProcess[] = [];

async function replica(): Promise<ChildProcess> {
  const child = fork(
    new URL('../testing/replica.ts', import.meta.url),
    [target.db.pool.options.connectionString ?? '', testServers().natsUrl, prefix],
    {
      execArgv: [],
      execPath: process.execPath,
    },
  );
  replicas.push(child);
  await once(child, 'message');
  return child;
}

beforeAll(async () => {
  source = await tallyYard();
  target = await tallyYard();
  broker = await openBroker(prefix);
  relay = new Relay({ context: 'tallies', db: source.db, broker, log, metrics: new Registry() });
  await target.db.query(sql`CREATE TABLE "Effect" ("at" SERIAL, "key" TEXT NOT NULL, "count" INT NOT NULL, "by" INT NOT NULL)`);
});
afterAll(async () => {
  for (const child of replicas) child.kill('SIGKILL');
  await relay.stop(0);
  await broker.close();
  await Promise.all([source.close(), target.close()]);
});

it('two processes of a context share the work; each effect happens once and in order, also when one is killed', async () => {
  const [first] = await Promise.all([replica(), replica()]);
  relay.start();
  const ids = Array.from({ length: 40 }, () => uuidv7());
  const rounds = 25;
  const effects = () => target.db.query<Effect & Record<string, unknown>>(sql`SELECT key, count, by FROM "Effect" ORDER BY at`);
  for (let round = 0; round < rounds; round++) {
    await Promise.all(ids.map((id) => source.raise(id)));
    if (round === 15) {
      await eventually(async () => new Set((await effects()).map(({ by }) => by)).size === 2);
      first.kill('SIGKILL');
    }
  }
  await eventually(async () => (await effects()).length >= ids.length * rounds, { withinMs: 60_000, everyMs: 100 });
  const all = await effects();
  expect(all).toHaveLength(ids.length * rounds);
  for (const id of ids)
    expect(all.filter(({ key }) => key === id).map(({ count }) => count)).toEqual(Array.from({ length: rounds }, (_, at) => at + 1));
}, 90_000);
