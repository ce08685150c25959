import pg from 'pg';
import { pino } from 'pino';
import { uuidv7 } from 'uuidv7';
import { upperName } from '../context/index.ts';
import { type Actor, anonymous, type EventDefinition } from '../domain/index.ts';
import { internalTokens } from '../identity/index.ts';
import { Broker, encode, listDeadLetters, type OutboxRow } from '../nats/index.ts';
import { type Answer, firstOf, post } from './asking.ts';
import { testDatabase, testPrefix, testServers } from './servers.ts';

const SECRET = 'an internal secret of at least 32 characters';

/** What a context of that name runs on, a database and streams of its own, and a look behind it; `more` goes into its environment. */
export async function contextStage(name: string, more: Readonly<Record<string, string>> = {}) {
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
  const tokenOf = (actor: Actor) => tokens.issue(actor, 'router');
  const rows = async <Row extends pg.QueryResultRow>(text: string, ...values: unknown[]): Promise<Row[]> =>
    (await pool.query<Row>(text, values)).rows;

  /** What the context has published, in order; of one key when it is given. */
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
    tokenOf,
    rows,
    published,
    /** The names of what it has published of a key, in order. */
    told: async (key: string): Promise<string[]> => (await published(key)).map((event) => event.name),
    openIntents: () => rows<{ kind: string; key: string }>('SELECT kind, key, attempts, last_error FROM kernel.intent'),
    deadLetters: () => listDeadLetters(broker, name),

    /** Asks whoever listens there. The data are the first field's. */
    askAt: async <T>(to: string, query: string, variables: object = {}, actor: Actor = anonymous): Promise<Answer<T>> =>
      firstOf(await post(to, await tokenOf(actor), query, variables)),

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

    async close(): Promise<void> {
      await broker.close();
      await pool.end();
      await database.drop();
    },
  };
}

export type ContextStage = Awaited<ReturnType<typeof contextStage>>;
