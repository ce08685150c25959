import { createClient } from 'graphql-ws';
import pg from 'pg';
import { pino } from 'pino';
import { uuidv7 } from 'uuidv7';
import { type Clock, type ContextDefinition, type Running, startContext, upperName } from '../context/index.ts';
import { type Actor, anonymous, type EventDefinition } from '../domain/index.ts';
import { internalTokens } from '../identity/index.ts';
import { Broker, encode, listDeadLetters } from '../nats/index.ts';
import { testDatabase, testPrefix, testServers } from './servers.ts';

export interface RunningContextOptions {
  /** Further variables: addresses of callees, the context's own settings. */
  readonly env?: Readonly<Record<string, string>>;
  /** @default 1 */
  readonly replicas?: number;
  readonly clock?: Clock;
}

/** The first field's value, and the first error's extensions. */
export interface Answer<T> {
  readonly data: T | null;
  readonly refusal: { readonly code: string; readonly field?: string; readonly [detail: string]: unknown } | undefined;
}

/** What a subscription has yielded so far. */
export interface Watched<Change> {
  readonly seen: Change[];
  /** Resolves when it has ended, with the code that it ended with. */
  readonly ended: Promise<unknown>;
  stop(): Promise<void>;
}

const SECRET = 'an internal secret of at least 32 characters';

/** A context as it runs, on a database and streams of its own; the test plays router and other contexts. */
export async function runningContext(definition: ContextDefinition, { env: more = {}, replicas = 1, clock }: RunningContextOptions = {}) {
  const { name } = definition;
  const database = await testDatabase(name);
  const { natsUrl } = testServers();
  const env = {
    DATABASE_URL: database.url,
    [`${upperName(name)}_DATABASE`]: database.name,
    NATS_URL: natsUrl,
    NATS_PREFIX: testPrefix(),
    INTERNAL_SECRET: SECRET,
    ...more,
  };
  const log = pino({ level: process.env.TEST_LOG ?? 'silent' });
  const tokens = internalTokens(SECRET);
  const broker = await Broker.open({ url: natsUrl, prefix: env.NATS_PREFIX, name: 'test', log });
  const pool = new pg.Pool({ connectionString: database.url, max: 4 });
  // The database is dropped under connections that are just being closed.
  pool.on('error', () => {});
  const running: Running[] = [];
  const replica = async () => {
    running.push(await startContext(definition, env, { log, ...(clock ? { clock } : {}) }));
  };
  for (let count = 0; count < replicas; count++) await replica();
  let turn = 0;
  const url = () => running[turn++ % running.length]?.url ?? '';
  const tokenOf = (actor: Actor) => tokens.issue(actor, actor.kind === 'service' ? actor.name : 'router');

  return {
    env,
    database,
    broker,
    /** Starts another replica on the same database. */
    replica,
    url,
    tokenOf,
    rows: async <Row extends pg.QueryResultRow>(text: string, ...values: unknown[]): Promise<Row[]> =>
      (await pool.query<Row>(text, values)).rows,

    /** Asks the replicas in turn. */
    async ask<T>(query: string, variables: object = {}, actor: Actor = anonymous, to = url()): Promise<Answer<T>> {
      const response = await fetch(to, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${await tokenOf(actor)}` },
        body: JSON.stringify({ query, variables }),
      });
      const { data, errors } = (await response.json()) as {
        data?: Record<string, T>;
        errors?: { extensions: NonNullable<Answer<T>['refusal']> }[];
      };
      return { data: Object.values(data ?? {})[0] ?? null, refusal: errors?.[0]?.extensions };
    },

    /** Publishes an event as its context would, an example's data with `data` over it, `times` over. Answers its id. */
    async publish(event: EventDefinition, data: object = {}, times = 1): Promise<string> {
      const id = uuidv7();
      const payload = { ...(event.examples[0] as object), ...data };
      const key = event.key(payload as never);
      const subject = `${event.subject}.${key}`;
      const row = { seq: '0', id, type: event.type, subject, key, time: new Date(), data: JSON.stringify(payload), after: null };
      await broker.ensureStream(event.context);
      for (let time = 0; time < times; time++) {
        const headers = encode({ ...row, correlation_id: 'test', causation_id: null, traceparent: null });
        headers.set('Nats-Msg-Id', `${id}/${time}`);
        await broker.js.publish(broker.names.subject(subject), row.data, { headers });
      }
      return id;
    },

    /** What this context has published, in order; of one key when it is given. */
    async published<Data = unknown>(key?: string): Promise<{ name: string; data: Data }[]> {
      const { rows } = await pool.query<{ subject: string; data: Data }>(
        'SELECT subject, data FROM kernel.outbox WHERE $1::text IS NULL OR key = $1 ORDER BY seq',
        [key ?? null],
      );
      return rows.map(({ subject, data }) => ({ name: subject.split('.')[2] ?? '', data }));
    },

    openIntents: async () => (await pool.query('SELECT kind, key, attempts, last_error FROM kernel.intent')).rows,
    deadLetters: () => listDeadLetters(broker, name),

    /** Collects what a subscription yields until it ends or is stopped. */
    async watch<Change>(query: string, actor: Actor, variables: Record<string, unknown> = {}): Promise<Watched<Change>> {
      const connectionParams = { token: await tokenOf(actor) };
      const client = createClient({ url: url().replace('http:', 'ws:'), connectionParams, retryAttempts: 0 });
      const answers = client.iterate<Record<string, Change>>({ query, variables });
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

    async close(): Promise<void> {
      await Promise.all(running.map((one) => one.close()));
      await broker.close();
      await pool.end();
      await database.drop();
    },
  };
}

export type RunningContext = Awaited<ReturnType<typeof runningContext>>;
