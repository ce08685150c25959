import pg from 'pg';
import { type Logger, pino } from 'pino';
import { uuidv7 } from 'uuidv7';
import { type Clock, type ContextDefinition, type Running, startContext, upperName } from '../context/index.ts';
import { type Actor, anonymous, type EventDefinition } from '../domain/index.ts';
import { internalTokens } from '../identity/index.ts';
import { Broker, encode, listDeadLetters, type OutboxRow } from '../nats/index.ts';
import { type Answer, post, type Watched, watch } from './asking.ts';
import { testDatabase, testPrefix, testServers } from './servers.ts';

export type { Answer, Watched } from './asking.ts';

export interface RunningContextOptions {
  /** Further variables: addresses of callees, the context's own settings. */
  readonly env?: Readonly<Record<string, string>>;
  /** 0: the test starts them, as processes with the context's `env`. @default 1 */
  readonly replicas?: number;
  readonly clock?: Clock;
  readonly log?: Logger;
}

const SECRET = 'an internal secret of at least 32 characters';

/** A context as it runs, on a database and streams of its own; the test plays router and other contexts. */
export async function runningContext(
  definition: ContextDefinition,
  { env: more = {}, replicas = 1, clock, log = pino({ level: process.env.TEST_LOG ?? 'silent' }) }: RunningContextOptions = {},
) {
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
  const tokens = internalTokens(SECRET);
  const broker = await Broker.open({ url: natsUrl, prefix: env.NATS_PREFIX, name: 'test', log: pino({ level: 'silent' }) });
  const pool = new pg.Pool({ connectionString: database.url, max: 4 });
  // The database is dropped under connections that are just being closed.
  pool.on('error', () => {});
  const running: Running[] = [];
  const replica = async (other: Readonly<Record<string, string>> = {}): Promise<string> => {
    const one = await startContext(definition, { ...env, ...other }, { log, ...(clock ? { clock } : {}) });
    running.push(one);
    return one.url;
  };
  for (let count = 0; count < replicas; count++) await replica();
  let turn = 0;
  const url = () => running[turn++ % running.length]?.url ?? '';
  const tokenOf = (actor: Actor) => tokens.issue(actor, 'router');
  const rows = async <Row extends pg.QueryResultRow>(text: string, ...values: unknown[]): Promise<Row[]> =>
    (await pool.query<Row>(text, values)).rows;

  /** Asks the replicas in turn. The data are those of all fields. */
  const askWhole = async (query: string, variables: object = {}, actor: Actor = anonymous, to = url()) =>
    post(to, await tokenOf(actor), query, variables);

  /** What this context has published, in order; of one key when it is given. */
  async function published<Data = unknown>(key?: string): Promise<{ name: string; data: Data }[]> {
    const all = await rows<{ subject: string; data: Data }>(
      'SELECT subject, data FROM kernel.outbox WHERE $1::text IS NULL OR key = $1 ORDER BY seq',
      key ?? null,
    );
    return all.map(({ subject, data }) => ({ name: subject.split('.')[2] ?? '', data }));
  }

  return {
    env,
    broker,
    /** Starts another replica on the same database. Answers where it is reached. */
    replica,
    url,
    tokenOf,
    rows,
    askWhole,
    published,
    /** The names of what it has published of a key, in order. */
    told: async (key: string): Promise<string[]> => (await published(key)).map((event) => event.name),
    openIntents: () => rows<{ kind: string; key: string }>('SELECT kind, key, attempts, last_error FROM kernel.intent'),
    deadLetters: () => listDeadLetters(broker, name),

    /** Asks the replicas in turn. The data are the first field's. */
    async ask<T>(query: string, variables: object = {}, actor: Actor = anonymous, to = url()): Promise<Answer<T>> {
      const { data, ...answer } = await askWhole(query, variables, actor, to);
      return { ...answer, data: Object.values<T>(data ?? {})[0] ?? null };
    },

    /** Publishes an event as its context would, an example's data with `data` over it, `times` over. Answers its id. */
    async publish(
      event: EventDefinition,
      data: object = {},
      times = 1,
      { id = uuidv7(), time = new Date(), after = null }: Partial<Pick<OutboxRow, 'id' | 'time' | 'after'>> = {},
    ): Promise<string> {
      const payload = { ...(event.examples[0] as object), ...data };
      const key = event.key(payload as never);
      const subject = `${event.subject}.${key}`;
      const row = { seq: '0', id, type: event.type, subject, key, time, data: JSON.stringify(payload), after };
      await broker.ensureStream(event.context);
      for (let count = 0; count < times; count++) {
        const headers = encode({ ...row, correlation_id: 'test', causation_id: null, traceparent: null });
        headers.set('Nats-Msg-Id', `${id}/${count}`);
        await broker.js.publish(broker.names.subject(subject), row.data, { headers });
      }
      return id;
    },

    watch: async <Change>(query: string, actor: Actor, variables: Record<string, unknown> = {}): Promise<Watched<Change>> =>
      watch(url(), await tokenOf(actor), query, variables),

    async close(): Promise<void> {
      await Promise.all(running.map((one) => one.close()));
      await broker.close();
      await pool.end();
      await database.drop();
    },
  };
}

export type RunningContext = Awaited<ReturnType<typeof runningContext>>;
