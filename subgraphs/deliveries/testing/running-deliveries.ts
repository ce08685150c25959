import { randomUUID } from 'node:crypto';
import { TextbookApplicationPaid } from '@madang/applications/events';
import { type Running, startContext } from '@madang/kernel/context';
import { type Actor, service, user } from '@madang/kernel/domain';
import { internalTokens } from '@madang/kernel/identity';
import { Broker, encode } from '@madang/kernel/nats';
import { testDatabase, testPrefix, testServers } from '@madang/kernel/testing';
import { createClient } from 'graphql-ws';
import pg from 'pg';
import { pino } from 'pino';
import { uuidv7 } from 'uuidv7';
import { deliveries } from '../subgraph.ts';

const SECRET = 'an internal secret of at least 32 characters';
const log = pino({ level: process.env.TEST_LOG ?? 'silent' });

export const payments = service('payments');
export const manager = user('01900000-0000-7000-8000-000000000002', 'CUSTOMER', 'MANAGER');

/** A delivery as the tests read it. */
export interface Shown {
  readonly id: string;
  readonly status: string;
  readonly title: string | null;
  readonly startedAt: string | null;
}

export interface Answer<T> {
  readonly data: T | null;
  readonly refusal: { readonly code: string; readonly field?: string } | undefined;
}

export interface Order {
  readonly accountId: string;
  readonly applicationId: string;
}

export const DELIVERY =
  '{ id status title quantity address { recipient line2 } startedAt cancelledAt deliveredAt account { id } application { id } }';

/** The context with a database and streams of its own; the test plays the other contexts. */
export async function runningDeliveries({ replicas = 1 } = {}) {
  const database = await testDatabase('deliveries');
  const env = {
    DATABASE_URL: testServers().postgresUrl,
    DELIVERIES_DATABASE: database.name,
    NATS_URL: testServers().natsUrl,
    NATS_PREFIX: testPrefix(),
    INTERNAL_SECRET: SECRET,
  };
  const running: Running[] = [];
  for (let replica = 0; replica < replicas; replica++) running.push(await startContext(deliveries, env, { log }));
  const tokens = internalTokens(SECRET);
  const broker = await Broker.open({ url: env.NATS_URL, prefix: env.NATS_PREFIX, name: 'test', log });
  await broker.ensureStream('applications');
  const pool = new pg.Pool({ connectionString: database.url, max: 4 });
  let turn = 0;
  const url = () => running[turn++ % replicas]?.url ?? '';

  async function ask<T>(query: string, variables: object, actor: Actor): Promise<Answer<T>> {
    const response = await fetch(url(), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await tokens.issue(actor, 'router')}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data?: Record<string, T>; errors?: { extensions: { code: string } }[] };
    return { data: Object.values(data ?? {})[0] ?? null, refusal: errors?.[0]?.extensions };
  }

  return {
    ask,
    rows: async <Row extends pg.QueryResultRow>(text: string, ...values: unknown[]) => (await pool.query<Row>(text, values)).rows,

    /** Another application of somebody's. */
    order: (accountId = uuidv7()): Order => ({ accountId, applicationId: uuidv7() }),

    cancel: ({ accountId, applicationId }: Order, actor: Actor = payments, idempotencyKey = applicationId) =>
      ask<Shown>(
        `mutation Cancel($input: CancelDeliveryInput!) { cancelDelivery(input: $input) ${DELIVERY} }`,
        { input: { accountId, applicationId, idempotencyKey } },
        actor,
      ),

    complete: (deliveryId: string, actor: Actor = manager) =>
      ask<Shown>(
        `mutation Complete($input: CompleteDeliveryInput!) { completeDelivery(input: $input) ${DELIVERY} }`,
        { input: { deliveryId } },
        actor,
      ),

    /** Tells that an application is paid, as the applications context would. */
    async paid(order: Order, times = 1): Promise<void> {
      const data = { ...(TextbookApplicationPaid.examples[0] as object), ...order };
      const id = randomUUID();
      const subject = `${TextbookApplicationPaid.subject}.${order.applicationId}`;
      const row = {
        seq: '0',
        id,
        type: TextbookApplicationPaid.type,
        subject,
        key: order.applicationId,
        time: new Date(),
        data: JSON.stringify(data),
      };
      for (let time = 0; time < times; time++) {
        const headers = encode({ ...row, correlation_id: 'test', causation_id: null, traceparent: null, after: null });
        headers.set('Nats-Msg-Id', `${id}/${time}`);
        await broker.js.publish(broker.names.subject(subject), row.data, { headers });
      }
    },

    async delivery({ applicationId }: Order): Promise<Shown | undefined> {
      const { rows } = await pool.query<Shown>('SELECT * FROM "Delivery" WHERE "applicationId" = $1', [applicationId]);
      return rows[0];
    },

    /** What this context has published about a delivery, in order. */
    async published(deliveryId: string): Promise<string[]> {
      const { rows } = await pool.query<{ type: string }>('SELECT type FROM kernel.outbox WHERE key = $1 ORDER BY seq', [deliveryId]);
      return rows.map(({ type }) => type.split('.')[2] ?? '');
    },

    /** Collects what a subscription yields until it ends or is stopped. */
    async watch<Change>(query: string, actor: Actor) {
      const connectionParams = { token: await tokens.issue(actor, 'router') };
      const client = createClient({ url: url().replace('http:', 'ws:'), connectionParams, retryAttempts: 0 });
      const answers = client.iterate<Record<string, Change>>({ query });
      const seen: Change[] = [];
      let code: unknown;
      const ended = (async () => {
        try {
          for await (const { data, errors } of answers) {
            code ??= errors?.[0]?.extensions?.code;
            seen.push(...Object.values(data ?? {}));
          }
        } catch (error) {
          code ??= (error as { extensions?: { code: string } }[])[0]?.extensions?.code;
        }
        return code;
      })();
      return { seen, ended, stop: async () => void (await answers.return?.()) };
    },

    async close() {
      for (const one of running) await one.close();
      await broker.close();
      await pool.end();
      await database.drop();
    },
  };
}

export type RunningDeliveries = Awaited<ReturnType<typeof runningDeliveries>>;
