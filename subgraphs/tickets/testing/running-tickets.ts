import { type Clock, type Running, startContext } from '@madang/kernel/context';
import { type Actor, type EventDefinition, service, type User, user } from '@madang/kernel/domain';
import { internalTokens } from '@madang/kernel/identity';
import { Broker, encode } from '@madang/kernel/nats';
import { quickBreaker, testDatabase, testPrefix, testServers } from '@madang/kernel/testing';
import { createClient } from 'graphql-ws';
import pg from 'pg';
import { pino } from 'pino';
import { uuidv7 } from 'uuidv7';
import { tickets } from '../subgraph.ts';
import { standInPayments } from './stand-in-payments.ts';

const SECRET = 'an internal secret of at least 32 characters';
const log = pino({ level: process.env.TEST_LOG ?? 'silent' });

export const kickboards = service('kickboards');
export const manager = user('01900000-0000-7000-8000-000000000002', 'CUSTOMER', 'MANAGER');
export const PHONE = '010-1234-5678';

/** A ticket as the tests read it. */
export interface Shown {
  readonly id: string;
  readonly status: string;
  readonly phone: string;
  readonly validUntil: string;
  readonly paymentCancelled: boolean;
  readonly rental: { readonly id: string } | null;
}

export interface Answer<T> {
  readonly data: T | null;
  readonly refusal: { readonly code: string; readonly field?: string; readonly retryAfterSeconds?: number } | undefined;
  /** Milliseconds. */
  readonly took: number;
}

export const TICKET = `{ id type status amount usingMinutes phone purchasedAt validUntil usedAt paymentCancelled account { id } rental { id } payment { id } }`;

export interface Setting {
  readonly replicas?: number;
  readonly clock?: Clock;
  readonly env?: Record<string, string>;
}

/** The context with a database and streams of its own; the test plays payments and kickboards. */
export async function runningTickets({ replicas = 1, clock, env = {} }: Setting = {}) {
  const database = await testDatabase('tickets');
  const payments = await standInPayments();
  const settings = {
    DATABASE_URL: testServers().postgresUrl,
    TICKETS_DATABASE: database.name,
    NATS_URL: testServers().natsUrl,
    NATS_PREFIX: testPrefix(),
    INTERNAL_SECRET: SECRET,
    PAYMENTS_URL: payments.url,
    ...quickBreaker('tickets', 'payments'),
    ...env,
  };
  const running: Running[] = [];
  for (let replica = 0; replica < replicas; replica++)
    running.push(await startContext(tickets, settings, { log, ...(clock ? { clock } : {}) }));
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
  const internal = (name: 'redeem' | 'release') => (ticket: { id: string }, owner: User, rentalId: string, more: object, actor: Actor) => {
    const input = { accountId: owner.accountId, ticketId: ticket.id, rentalId, idempotencyKey: `${name} ${rentalId}`, ...more };
    const Name = name === 'redeem' ? 'Redeem' : 'Release';
    return ask<Shown>(`mutation ($input: ${Name}TicketInput!) { ${name}Ticket(input: $input) ${TICKET} }`, { input }, actor);
  };
  const [redeem, release] = [internal('redeem'), internal('release')];

  return {
    payments,
    ask,
    rows,
    /** Another customer. */
    customer: (): User => user(uuidv7(), 'CUSTOMER'),

    purchase: (actor: Actor, input: object = {}) =>
      ask<Shown>(
        `mutation ($input: PurchaseTicketInput!) { purchaseTicket(input: $input) ${TICKET} }`,
        { input: { type: 'ONE_HOUR', phone: PHONE, ...input } },
        actor,
      ),
    redeem: (ticket: { id: string }, owner: User, rentalId: string, rentedAt = new Date(), actor: Actor = kickboards) =>
      redeem(ticket, owner, rentalId, { rentedAt }, actor),
    release: (ticket: { id: string }, owner: User, rentalId: string, actor: Actor = kickboards) =>
      release(ticket, owner, rentalId, {}, actor),
    ticket: async (id: string, actor: Actor) => (await ask<Shown>(`query ($id: ID!) { ticket(id: $id) ${TICKET} }`, { id }, actor)).data,

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

    /** What this context has published about a ticket, in order. */
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

export type RunningTickets = Awaited<ReturnType<typeof runningTickets>>;
