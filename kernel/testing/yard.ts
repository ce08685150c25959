import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { Cause } from '../context/definition.ts';
import type { Executor } from '../context/execute.ts';
import { execute } from '../context/execute.ts';
import { anonymous } from '../domain/index.ts';
import { Broker } from '../nats/index.ts';
import { Database } from '../prisma/index.ts';
import { testDatabase, testPrefix, testServers } from './servers.ts';
import { decideRaise, declaredTally, tally, tallyStore, tallyTable } from './tally.ts';

export const cause: Cause = { actor: anonymous, correlationId: 'test' };
export const log = pino({ level: process.env.TEST_LOG ?? 'silent' });

/** A database with a tally in it, and the command on it: what the kernel's tests work with. */
export async function tallyYard(options: { url?: string } = {}) {
  const own = options.url === undefined ? await testDatabase('kernel') : null;
  const db = new Database({ url: options.url ?? own?.url ?? '', poolSize: 8, applicationName: 'test', log });
  if (own) await db.query(tallyTable);
  const executor: Executor = { db, clock: { now: () => new Date() }, declared: declaredTally };
  const store = tallyStore(db);
  const raise = (id: string, by = 1, why: Cause = cause, idempotencyKey?: string) =>
    execute(executor, {
      aggregate: tally,
      store,
      key: id,
      input: { id, by },
      decide: decideRaise,
      cause: why,
      idempotency: idempotencyKey === undefined ? undefined : { scope: 'raise', key: idempotencyKey, input: { by } },
    });
  return {
    db,
    executor,
    store,
    raise,
    metrics: new Registry(),
    async close() {
      await db.close();
      await own?.drop();
    },
  };
}

export const openBroker = (prefix = testPrefix(), url = testServers().natsUrl): Promise<Broker> =>
  Broker.open({ url, prefix, name: 'test', log });
