import { type Clock, type Running, startContext } from '@madang/kernel/context';
import { type Actor, type EventDefinition, type User, user } from '@madang/kernel/domain';
import { internalTokens } from '@madang/kernel/identity';
import { Broker, encode } from '@madang/kernel/nats';
import { quickBreaker, testDatabase, testPrefix, testServers } from '@madang/kernel/testing';
import { createClient } from 'graphql-ws';
import pg from 'pg';
import { pino } from 'pino';
import { uuidv7 } from 'uuidv7';
import { demoPlans } from '../seeds.ts';
import { reservations } from '../subgraph.ts';
import { standInPayments } from './stand-in-payments.ts';

const SECRET = 'an internal secret of at least 32 characters';
const log = pino({ level: process.env.TEST_LOG ?? 'silent' });

export const manager = user('01900000-0000-7000-8000-000000000002', 'CUSTOMER', 'MANAGER');
export const admin = user('01900000-0000-7000-8000-000000000004', 'CUSTOMER', 'ADMIN');
const [plan] = demoPlans;
export const place = '서울특별시 마포구 월드컵북로 1, 302호';
/** Soon enough, and always to come. */
export const at = '2099-11-25T10:00:00+09:00';

/** A reservation as the tests read it. */
export interface Shown {
  readonly id: string;
  readonly status: string;
  readonly amount: number;
  readonly cancellationRejectedReason: string | null;
  readonly payment: { readonly id: string } | null;
}

export interface Answer<T> {
  readonly data: T | null;
  readonly refusal:
    | { readonly code: string; readonly field?: string; readonly reason?: string; readonly retryAfterSeconds?: number }
    | undefined;
  /** Milliseconds. */
  readonly took: number;
}

export const RESERVATION = `{ id status title minutes amount place cleaningAt cleaningAtInSeoul cancellationRejectedReason reservedAt updatedAt
  account { id } plan { id price } payment { id } }`;

export interface Setting {
  readonly replicas?: number;
  readonly clock?: Clock;
  readonly env?: Record<string, string>;
}

/** The context with a database, streams and plans of its own; the test plays payments and cleanings. */
export async function runningReservations({ replicas = 1, clock, env = {} }: Setting = {}) {
  const database = await testDatabase('reservations');
  const payments = await standInPayments();
  const settings = {
    DATABASE_URL: testServers().postgresUrl,
    RESERVATIONS_DATABASE: database.name,
    NATS_URL: testServers().natsUrl,
    NATS_PREFIX: testPrefix(),
    INTERNAL_SECRET: SECRET,
    PAYMENTS_URL: payments.url,
    ...quickBreaker('reservations', 'payments'),
    SEED: 'demo',
    ...env,
  };
  const running: Running[] = [];
  for (let replica = 0; replica < replicas; replica++)
    running.push(await startContext(reservations, settings, { log, ...(clock ? { clock } : {}) }));
  const tokens = internalTokens(SECRET);
  const broker = await Broker.open({ url: settings.NATS_URL, prefix: settings.NATS_PREFIX, name: 'test', log });
  const pool = new pg.Pool({ connectionString: database.url, max: 4 });
  // The database is dropped under connections that are just being closed.
  pool.on('error', () => {});
  let turn = 0;
  const url = () => running[turn++ % replicas]?.url ?? '';

  async function ask<T>(query: string, variables: object, actor: Actor): Promise<Answer<T>> {
    const asked = performance.now();
    const response = await fetch(url(), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await tokens.issue(actor, 'router')}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data?: Record<string, T>; errors?: { extensions: { code: string } }[] };
    return { data: Object.values(data ?? {})[0] ?? null, refusal: errors?.[0]?.extensions, took: performance.now() - asked };
  }
  const rows = async <Row extends pg.QueryResultRow>(text: string, ...values: unknown[]) => (await pool.query<Row>(text, values)).rows;

  return {
    payments,
    ask,
    rows,
    planId: plan?.id ?? '',
    /** Another customer. */
    customer: (): User => user(uuidv7(), 'CUSTOMER'),

    reserve: (actor: Actor, input: object = {}) =>
      ask<Shown>(
        `mutation Reserve($input: ReserveCleaningInput!) { reserveCleaning(input: $input) ${RESERVATION} }`,
        { input: { planId: plan?.id, place, at, ...input } },
        actor,
      ),
    cancel: (reservationId: string, actor: Actor) =>
      ask<Shown>(
        `mutation Cancel($input: CancelCleaningReservationInput!) { cancelCleaningReservation(input: $input) ${RESERVATION} }`,
        { input: { reservationId } },
        actor,
      ),
    reservation: (id: string, actor: Actor) =>
      ask<Shown>(`query ($id: ID!) { cleaningReservation(id: $id) ${RESERVATION} }`, { id }, actor),

    /** Everything of an account's, paid or not, newest last. */
    rowsOf: ({ accountId }: User) =>
      rows<{ id: string; status: string }>('SELECT id, status FROM "CleaningReservation" WHERE "accountId" = $1 ORDER BY id', accountId),

    /** Tells what happened elsewhere, as its context would; `data` on top of the declaration's example. */
    async publish(definition: EventDefinition, data: object, times = 1): Promise<void> {
      const payload = { ...(definition.examples[0] as object), ...data };
      const key = definition.key(payload as never);
      const id = uuidv7();
      const subject = `${definition.subject}.${key}`;
      const row = { seq: '0', id, type: definition.type, subject, key, time: new Date(), data: JSON.stringify(payload) };
      await broker.ensureStream(definition.context);
      for (let time = 0; time < times; time++) {
        const headers = encode({ ...row, correlation_id: 'test', causation_id: null, traceparent: null, after: null });
        headers.set('Nats-Msg-Id', `${id}/${time}`);
        await broker.js.publish(broker.names.subject(subject), row.data, { headers });
      }
    },

    /** What this context has published about a reservation, in order. */
    published: async (id: string): Promise<string[]> =>
      (await rows<{ type: string }>('SELECT type FROM kernel.outbox WHERE key = $1 ORDER BY seq', id)).map(
        ({ type }) => type.split('.')[2] ?? '',
      ),
    intents: (key: string) => rows<{ kind: string }>('SELECT kind FROM kernel.intent WHERE key = $1', key),

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
      await payments.close();
      await database.drop();
    },
  };
}

export type RunningReservations = Awaited<ReturnType<typeof runningReservations>>;
