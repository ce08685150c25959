import { startContext } from '@madang/kernel/context';
import { type Actor, anonymous, type EventDefinition } from '@madang/kernel/domain';
import { internalTokens } from '@madang/kernel/identity';
import { Broker, encode, listDeadLetters } from '@madang/kernel/nats';
import { Database, sql } from '@madang/kernel/prisma';
import { testDatabase, testPrefix, testServers } from '@madang/kernel/testing';
import { createClient } from 'graphql-ws';
import { pino } from 'pino';
import { notifications } from '../subgraph.ts';

const SECRET = 'an internal secret of at least 32 characters';
const log = pino({ level: 'silent' });

/** An answer's data, loosely typed as tests read it, and its first error's extensions. */
export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: the shape is what the query asks for
  readonly data: any;
  readonly refusal: { readonly code: string; readonly field?: string } | undefined;
}

/** The context with a database and streams of its own; the test plays the other contexts. */
export async function runningNotifications() {
  const database = await testDatabase('notifications');
  const env = {
    DATABASE_URL: database.url,
    NOTIFICATIONS_DATABASE: database.name,
    NATS_URL: testServers().natsUrl,
    NATS_PREFIX: testPrefix(),
    INTERNAL_SECRET: SECRET,
  };
  const replicas = [await startContext(notifications, env, { log })];
  const url = replicas[0]?.url ?? '';
  const tokens = internalTokens(SECRET);
  const db = new Database({ url: database.url, poolSize: 2, applicationName: 'test', log });
  const broker = await Broker.open({ url: env.NATS_URL, prefix: env.NATS_PREFIX, name: 'test', log });
  let events = 0;

  return {
    /** Another replica on the same database. */
    async replica(): Promise<void> {
      replicas.push(await startContext(notifications, env, { log }));
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

    /** Publishes an event as its context would, `times` over. Answers its id. */
    async publish(
      definition: EventDefinition,
      { accountId }: { readonly accountId: string },
      data: object = {},
      times = 1,
    ): Promise<string> {
      const id = `01936d5e-0000-7000-8000-${(++events).toString(16).padStart(12, '0')}`;
      const payload = { ...(definition.examples[0] as object), accountId, ...data };
      const key = definition.key(payload as never);
      const row = {
        seq: '0',
        id,
        type: definition.type,
        subject: `${definition.subject}.${key}`,
        key,
        time: new Date(),
        data: JSON.stringify(payload),
      };
      await broker.ensureStream(definition.context);
      for (let time = 0; time < times; time++) {
        const headers = encode({ ...row, correlation_id: 'test', causation_id: null, traceparent: null, after: null });
        headers.set('Nats-Msg-Id', `${id}/${time}`);
        await broker.js.publish(broker.names.subject(row.subject), row.data, { headers });
      }
      return id;
    },

    deadLetters: () => listDeadLetters(broker, 'notifications'),

    /** What this context has published, in order. */
    async published(): Promise<{ name: string; data: { messageId: string } }[]> {
      const rows = await db.query<{ type: string; data: { messageId: string } }>(sql`SELECT type, data FROM kernel.outbox ORDER BY seq`);
      return rows.map(({ type, data }) => ({ name: type.split('.')[2] ?? '', data }));
    },

    count: async (): Promise<number> => Number((await db.query<{ count: string }>(sql`SELECT count(*) FROM "Message"`))[0]?.count),

    async close() {
      for (const replica of replicas) await replica.close();
      await broker.close();
      await db.close();
      await database.drop();
    },
  };
}

export type RunningNotifications = Awaited<ReturnType<typeof runningNotifications>>;
