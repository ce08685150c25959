import { type Clock, type Running, startContext } from '@madang/kernel/context';
import { type Actor, type EventDefinition, type User, user } from '@madang/kernel/domain';
import { internalTokens } from '@madang/kernel/identity';
import { Broker, encode } from '@madang/kernel/nats';
import { eventually, quickBreaker, testDatabase, testPrefix, testServers } from '@madang/kernel/testing';
import { createClient } from 'graphql-ws';
import pg from 'pg';
import { pino } from 'pino';
import { uuidv7 } from 'uuidv7';
import { kickboards } from '../subgraph.ts';
import { ticketsProcess } from './tickets-process.ts';

const SECRET = 'an internal secret of at least 32 characters';
const log = pino({ level: process.env.TEST_LOG ?? 'silent' });

export const manager = user('01900000-0000-7000-8000-000000000002', 'CUSTOMER', 'MANAGER');
export const admin = user('01900000-0000-7000-8000-000000000004', 'CUSTOMER', 'ADMIN');
export const CITY_HALL = { lat: 37.5663, lng: 126.9779 };

/** A rental as the tests read it. */
export interface Shown {
  readonly id: string;
  readonly status: string;
  readonly dueAt: string;
  readonly overdue: boolean;
  readonly redemption: string;
  readonly redemptionRefusal: string | null;
  readonly kickboard: Board;
  readonly ticket: { readonly id: string };
}

/** A kickboard as the tests read it. */
export interface Board {
  readonly id: string;
  readonly serial: string;
  readonly lat: number;
  readonly lng: number;
  readonly status: string;
}

export interface Answer<T> {
  readonly data: T | null;
  readonly refusal: { readonly code: string; readonly field?: string } | undefined;
  /** Milliseconds. */
  readonly took: number;
}

export const BOARD = '{ id serial lat lng status registeredAt }';
export const RENTAL = `{ id status rentedAt dueAt returnedAt returnedLat returnedLng overdue forced redemption redemptionRefusal account { id } kickboard ${BOARD} ticket { id } }`;

export interface Setting {
  readonly replicas?: number;
  readonly clock?: Clock;
  readonly env?: Record<string, string>;
}

/** The context with a database and streams of its own, and the real tickets context beside it. */
export async function runningKickboards({ replicas = 1, clock, env = {} }: Setting = {}) {
  const database = await testDatabase('kickboards');
  const shared = {
    DATABASE_URL: testServers().postgresUrl,
    NATS_URL: testServers().natsUrl,
    NATS_PREFIX: testPrefix(),
    INTERNAL_SECRET: SECRET,
  };
  const tickets = await ticketsProcess(shared);
  const settings = {
    ...shared,
    KICKBOARDS_DATABASE: database.name,
    TICKETS_URL: tickets.url,
    ...quickBreaker('kickboards', 'tickets'),
    ...env,
  };
  const running: Running[] = [];
  for (let replica = 0; replica < replicas; replica++)
    running.push(await startContext(kickboards, settings, { log, ...(clock ? { clock } : {}) }));
  const tokens = internalTokens(SECRET);
  const broker = await Broker.open({ url: settings.NATS_URL, prefix: settings.NATS_PREFIX, name: 'test', log });
  const pool = new pg.Pool({ connectionString: database.url, max: 4 });
  const ticketsPool = new pg.Pool({ connectionString: tickets.database.url, max: 2 });
  // The databases are dropped under connections that are just being closed.
  for (const each of [pool, ticketsPool]) each.on('error', () => {});
  let turn = 0;
  const url = () => running[turn++ % replicas]?.url ?? '';

  async function ask<T>(query: string, variables: object, actor: Actor, at = url()): Promise<Answer<T>> {
    const asked = performance.now();
    const response = await fetch(at, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await tokens.issue(actor, 'router')}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data?: Record<string, T>; errors?: { extensions: { code: string } }[] };
    return { data: Object.values(data ?? {})[0] ?? null, refusal: errors?.[0]?.extensions, took: performance.now() - asked };
  }
  const rows = async <Row extends pg.QueryResultRow>(text: string, ...values: unknown[]) => (await pool.query<Row>(text, values)).rows;
  const ticketRows = async <Row extends pg.QueryResultRow>(text: string, ...values: unknown[]) =>
    (await ticketsPool.query<Row>(text, values)).rows;

  /** Waits until what tickets have told of it has been heard here. */
  const heard = (ticketId: string, status = 'AVAILABLE') =>
    eventually(async () => (await rows('SELECT 1 FROM "HeardTicket" WHERE id = $1 AND status::text = $2', ticketId, status)).length === 1);

  async function ticket(owner: User, type = 'ONE_HOUR'): Promise<string> {
    const { data } = await ask<{ id: string }>(
      'mutation ($input: PurchaseTicketInput!) { purchaseTicket(input: $input) { id } }',
      { input: { type, phone: '010-1234-5678' } },
      owner,
      tickets.url,
    );
    if (!data) throw new Error('no ticket');
    await heard(data.id);
    return data.id;
  }

  async function board(at: { lat: number; lng: number } = CITY_HALL): Promise<Board> {
    const input = { serial: `T-${uuidv7().slice(-12)}`, ...at };
    const query = `mutation ($input: RegisterKickboardInput!) { registerKickboard(input: $input) ${BOARD} }`;
    const { data } = await ask<Board>(query, { input }, admin);
    if (!data) throw new Error('no kickboard');
    return data;
  }

  return {
    ask,
    rows,
    ticketRows,
    tickets,
    heard,
    ticket,
    board,
    customer: (): User => user(uuidv7(), 'CUSTOMER'),

    rent: (actor: Actor, kickboardId: string, ticketId: string, idempotencyKey?: string) =>
      ask<Shown>(
        `mutation ($input: RentKickboardInput!) { rentKickboard(input: $input) ${RENTAL} }`,
        { input: { kickboardId, ticketId, idempotencyKey } },
        actor,
      ),
    giveBack: (actor: Actor, rentalId: string, at: object = { lat: 37.57, lng: 126.98 }) =>
      ask<Shown & { forced: boolean }>(
        `mutation ($input: ReturnKickboardInput!) { returnKickboard(input: $input) ${RENTAL} }`,
        { input: { rentalId, ...at } },
        actor,
      ),
    remove: (actor: Actor, kickboardId: string) =>
      ask<Board>(`mutation ($input: RemoveKickboardInput!) { removeKickboard(input: $input) ${BOARD} }`, { input: { kickboardId } }, actor),
    rental: async (id: string, actor: Actor) => (await ask<Shown>(`query ($id: ID!) { rental(id: $id) ${RENTAL} }`, { id }, actor)).data,
    kickboard: async (id: string) =>
      (await ask<Board>(`query ($id: ID!) { kickboard(id: $id) ${BOARD} }`, { id }, { kind: 'anonymous' })).data,
    /** How a ticket stands with tickets. */
    ticketStatus: async (id: string) => (await ticketRows<{ status: string }>('SELECT status FROM "Ticket" WHERE id = $1', id))[0]?.status,

    /** Tells what happened elsewhere, as its context would; `data` on top of the declaration's example. */
    async publish(definition: EventDefinition, data: object): Promise<void> {
      const payload = { ...(definition.examples[0] as object), ...data };
      const key = definition.key(payload as never);
      const subject = `${definition.subject}.${key}`;
      const row = { seq: '0', id: uuidv7(), type: definition.type, subject, key, time: new Date(), data: JSON.stringify(payload) };
      await broker.ensureStream(definition.context);
      const headers = encode({ ...row, correlation_id: 'test', causation_id: null, traceparent: null, after: null });
      await broker.js.publish(broker.names.subject(subject), row.data, { headers });
    },

    /** What this context has published about a kickboard, in order. */
    published: async (id: string): Promise<string[]> =>
      (await rows<{ type: string }>('SELECT type FROM kernel.outbox WHERE key = $1 ORDER BY seq', id)).map(
        ({ type }) => type.split('.')[2] ?? '',
      ),
    intents: async () => (await rows<{ kind: string }>('SELECT kind FROM kernel.intent')).map(({ kind }) => kind),

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
      await ticketsPool.end();
      await tickets.close();
      await broker.close();
      await pool.end();
      await database.drop();
    },
  };
}

export type RunningKickboards = Awaited<ReturnType<typeof runningKickboards>>;
