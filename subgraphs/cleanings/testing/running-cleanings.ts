import { randomUUID } from 'node:crypto';
import { type Running, startContext } from '@madang/kernel/context';
import { type Actor, type EventDefinition, user } from '@madang/kernel/domain';
import { internalTokens } from '@madang/kernel/identity';
import { Broker, encode } from '@madang/kernel/nats';
import { testDatabase, testPrefix, testServers } from '@madang/kernel/testing';
import { CleaningCancellationRequested, CleaningReserved } from '@madang/reservations/events';
import pg from 'pg';
import { pino } from 'pino';
import { uuidv7 } from 'uuidv7';
import { cleanings } from '../subgraph.ts';

const SECRET = 'an internal secret of at least 32 characters';
const log = pino({ level: process.env.TEST_LOG ?? 'silent' });

export const manager = user('01900000-0000-7000-8000-000000000002', 'CUSTOMER', 'MANAGER');
export const admin = user('01900000-0000-7000-8000-000000000004', 'CUSTOMER', 'ADMIN');

/** A cleaning as the tests read it. */
export interface Shown {
  readonly id: string;
  readonly status: string;
  readonly requestedAt: string | null;
}

export interface Answer<T> {
  readonly data: T | null;
  readonly refusal: { readonly code: string; readonly field?: string } | undefined;
}

/** A reservation of somebody's, as the reservations context would tell of it. */
export interface Reservation {
  readonly accountId: string;
  readonly reservationId: string;
}

export const CLEANING =
  '{ id status title place cleaningAt cleaningAtInSeoul requestedAt confirmedAt doneAt cancelledAt account { id } reservation { id } }';

/** The context with a database and streams of its own; the test plays reservations. */
export async function runningCleanings({ replicas = 1 } = {}) {
  const database = await testDatabase('cleanings');
  const env = {
    DATABASE_URL: testServers().postgresUrl,
    CLEANINGS_DATABASE: database.name,
    NATS_URL: testServers().natsUrl,
    NATS_PREFIX: testPrefix(),
    INTERNAL_SECRET: SECRET,
  };
  const running: Running[] = [];
  for (let replica = 0; replica < replicas; replica++) running.push(await startContext(cleanings, env, { log }));
  const tokens = internalTokens(SECRET);
  const broker = await Broker.open({ url: env.NATS_URL, prefix: env.NATS_PREFIX, name: 'test', log });
  await broker.ensureStream('reservations');
  const pool = new pg.Pool({ connectionString: database.url, max: 4 });
  // The database is dropped under connections that are just being closed.
  pool.on('error', () => {});
  let turn = 0;

  async function ask<T>(query: string, variables: object, actor: Actor): Promise<Answer<T>> {
    const response = await fetch(running[turn++ % replicas]?.url ?? '', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await tokens.issue(actor, 'router')}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data?: Record<string, T>; errors?: { extensions: { code: string } }[] };
    return { data: Object.values(data ?? {})[0] ?? null, refusal: errors?.[0]?.extensions };
  }

  async function publish(definition: EventDefinition, reservation: Reservation, times = 1): Promise<void> {
    const data = { ...(definition.examples[0] as object), ...reservation };
    const id = randomUUID();
    const { reservationId: key } = reservation;
    const subject = `${definition.subject}.${key}`;
    const row = { seq: '0', id, type: definition.type, subject, key, time: new Date(), data: JSON.stringify(data) };
    for (let time = 0; time < times; time++) {
      const headers = encode({ ...row, correlation_id: 'test', causation_id: null, traceparent: null, after: null });
      headers.set('Nats-Msg-Id', `${id}/${time}`);
      await broker.js.publish(broker.names.subject(subject), row.data, { headers });
    }
  }

  return {
    ask,
    rows: async <Row extends pg.QueryResultRow>(text: string, ...values: unknown[]) => (await pool.query<Row>(text, values)).rows,

    /** Another reservation of somebody's. */
    reservation: (accountId = uuidv7()): Reservation => ({ accountId, reservationId: uuidv7() }),
    reserved: (reservation: Reservation, times = 1) => publish(CleaningReserved, reservation, times),
    cancellationRequested: (reservation: Reservation, times = 1) => publish(CleaningCancellationRequested, reservation, times),

    confirm: (cleaningId: string, actor: Actor = manager) =>
      ask<Shown>(
        `mutation Confirm($input: ConfirmCleaningInput!) { confirmCleaning(input: $input) ${CLEANING} }`,
        { input: { cleaningId } },
        actor,
      ),
    complete: (cleaningId: string, actor: Actor = manager) =>
      ask<Shown>(
        `mutation Complete($input: CompleteCleaningInput!) { completeCleaning(input: $input) ${CLEANING} }`,
        { input: { cleaningId } },
        actor,
      ),

    async cleaning({ reservationId }: Reservation): Promise<Shown | undefined> {
      const { rows } = await pool.query<Shown>('SELECT * FROM "Cleaning" WHERE "reservationId" = $1', [reservationId]);
      return rows[0];
    },

    /** What this context has published about a cleaning, in order. */
    async published(cleaningId: string): Promise<string[]> {
      const { rows } = await pool.query<{ type: string }>('SELECT type FROM kernel.outbox WHERE key = $1 ORDER BY seq', [cleaningId]);
      return rows.map(({ type }) => type.split('.')[2] ?? '');
    },

    async close() {
      for (const one of running) await one.close();
      await broker.close();
      await pool.end();
      await database.drop();
    },
  };
}

export type RunningCleanings = Awaited<ReturnType<typeof runningCleanings>>;
