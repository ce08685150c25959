import { startContext } from '@madang/kernel/context';
import { type Actor, anonymous } from '@madang/kernel/domain';
import { internalTokens } from '@madang/kernel/identity';
import { Broker, encode } from '@madang/kernel/nats';
import { Database, raw, sql } from '@madang/kernel/prisma';
import { testDatabase, testPrefix, testServers } from '@madang/kernel/testing';
import { createClient } from 'graphql-ws';
import { pino } from 'pino';
import type { MyPageEvent } from '../events.ts';
import { myPages } from '../subgraph.ts';
import type { Happening } from './stories.ts';

const SECRET = 'an internal secret of at least 32 characters';
const log = pino({ level: 'silent' });

/** An answer's data, loosely typed as tests read it, and its first error's extensions. */
export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: the shape is what the query asks for
  readonly data: any;
  readonly refusal: { readonly code: string; readonly field?: string } | undefined;
}

/** The context with a database and streams of its own; the test plays the other contexts. */
export async function runningMyPages() {
  const database = await testDatabase('my-pages');
  const env = {
    DATABASE_URL: database.url,
    MY_PAGES_DATABASE: database.name,
    NATS_URL: testServers().natsUrl,
    NATS_PREFIX: testPrefix(),
    INTERNAL_SECRET: SECRET,
  };
  const replicas = [await startContext(myPages, env, { log })];
  const url = replicas[0]?.url ?? '';
  const tokens = internalTokens(SECRET);
  const db = new Database({ url: database.url, poolSize: 2, applicationName: 'test', log });
  const broker = await Broker.open({ url: env.NATS_URL, prefix: env.NATS_PREFIX, name: 'test', log });
  const before = new Map<string, string[]>();
  let events = 0;

  return {
    /** Another replica on the same database. */
    async replica(): Promise<void> {
      replicas.push(await startContext(myPages, env, { log }));
    },

    async ask(query: string, variables: object = {}, actor: Actor = anonymous): Promise<Answer> {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${await tokens.issue(actor, 'router')}` },
        body: JSON.stringify({ query, variables }),
      });
      const { data, errors } = (await response.json()) as { data: unknown; errors?: { extensions: { code: string } }[] };
      return { data, refusal: errors?.[0]?.extensions };
    },

    /** What a subscription yields; close it with `return()`. */
    async watch(query: string, actor: Actor) {
      const client = createClient({
        url: url.replace('http:', 'ws:'),
        connectionParams: { token: await tokens.issue(actor, 'router') },
        retryAttempts: 0,
      });
      // biome-ignore lint/suspicious/noExplicitAny: the shape is what the query asks for
      return client.iterate<any>({ query });
    },

    /** Publishes what happened as its context would, `times` over. */
    async publish({ definition, data }: Happening, times = 1): Promise<void> {
      const id = `01936d5e-0000-7000-8000-${(++events).toString(16).padStart(12, '0')}`;
      const key = definition.key(data as never);
      const lane = `${definition.context}/${key}`;
      const after = before.get(lane) ?? [];
      before.set(lane, [`${definition.eventName}/${id}`, ...after].slice(0, 8));
      const subject = `${definition.subject}.${key}`;
      const row = { seq: '0', id, type: definition.type, subject, key, time: new Date(data.at), data: JSON.stringify(data), after };
      await broker.ensureStream(definition.context);
      for (let time = 0; time < times; time++) {
        const headers = encode({ ...row, correlation_id: 'test', causation_id: null, traceparent: null });
        headers.set('Nats-Msg-Id', `${id}/${time}`);
        await broker.js.publish(broker.names.subject(subject), row.data, { headers });
      }
    },

    /** What this context has told, in order. */
    async told(): Promise<MyPageEvent['data'][]> {
      return (await db.query<{ data: MyPageEvent['data'] }>(sql`SELECT data FROM kernel.outbox ORDER BY seq`)).map(({ data }) => data);
    },

    rows: <Row extends object>(table: string) => db.query<Row & Record<string, unknown>>(raw(`SELECT * FROM "${table}"`)),

    async close() {
      for (const replica of replicas) await replica.close();
      await broker.close();
      await db.close();
      await database.drop();
    },
  };
}

export type RunningMyPages = Awaited<ReturnType<typeof runningMyPages>>;
