import type pg from 'pg';
import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';
import type { Tracer } from '../observability/index.ts';
import { type Database, type Sql, sql } from '../prisma/index.ts';
import type { Broker } from './broker.ts';
import { outboxMetrics } from './outbox-metrics.ts';
import { encode, type OutboxRow } from './wire.ts';

export interface RelayOptions {
  readonly context: string;
  readonly db: Database;
  readonly broker: Broker;
  readonly log: Logger;
  readonly metrics: Registry;
  readonly tracer?: Tracer | undefined;
  /** Milliseconds between looks when nothing woke it. @default 1000 */
  readonly pollMs?: number;
  /** Most rows that are on their way at a time. @default 500 */
  readonly batch?: number;
}

/** Advisory locks count per database, and each context has its own: one number serves all. */
const LOCK = 0x6d_61_64_61;
const CHANNEL = 'madang_outbox';
const GATHER_MS = 8;

/** Marks what the broker has by now, and reads what is next: one statement, as rows under load come without a pause. */
const next = (acked: readonly string[], limit: number) => sql`
  WITH done AS (UPDATE kernel.outbox SET published_at = now() WHERE seq = ANY(${acked}::bigint[]))
  SELECT o.seq, o.id, o.type, o.subject, o.key, o.time, o.data::text AS data, o.correlation_id, o.causation_id, o.traceparent, p.after
  FROM kernel.outbox o
  CROSS JOIN LATERAL (SELECT array_agg(e.entry) AS after FROM (
    SELECT split_part(b.subject, '.', 3) || '/' || b.id AS entry FROM kernel.outbox b
    WHERE b.key = o.key AND b.seq < o.seq ORDER BY b.seq DESC LIMIT 8) e) p
  WHERE o.published_at IS NULL AND NOT EXISTS (SELECT FROM unnest(${acked}::bigint[]) AS a(seq) WHERE a.seq = o.seq)
  ORDER BY o.seq LIMIT ${limit}`;

const textAndValues = ({ text, values }: Sql) => ({ text, values });

/**
 * Publishes a context's outbox to its stream, in commit order. However many replicas run, one relay is active: it holds an advisory lock on
 * a session of its own. Woken by commits (of other replicas by NOTIFY), polling only as the fallback.
 */
export class Relay {
  readonly #options: RelayOptions;
  readonly #stopping = new AbortController();
  readonly #published: Counter;
  #session: pg.Client | null = null;
  #wake: (() => void) | null = null;
  #dirty = true;
  /** Acknowledged by the broker, and not marked yet. */
  #acked: readonly string[] = [];
  #notifying = false;
  #running: Promise<void> = Promise.resolve();

  constructor(options: RelayOptions) {
    this.#options = options;
    const registers = [options.metrics];
    const { db } = options;
    this.#published = new Counter({ name: 'madang_outbox_published_total', help: 'Events that the broker has acknowledged', registers });
    outboxMetrics(db, options.metrics);
  }

  /** True while this replica's relay is the one that publishes. */
  get active(): boolean {
    return this.#session !== null;
  }

  start(): void {
    this.#options.db.signals.on('committed', this.#committed);
    this.#running = this.#run();
  }

  /** Publishes what is committed (as far as the broker can be reached within `drainMs`), then lets another replica take over. */
  async stop(drainMs = 5_000): Promise<void> {
    this.#options.db.signals.off('committed', this.#committed);
    const deadline = Date.now() + drainMs;
    while (this.active && this.#options.broker.connected && Date.now() < deadline && (await this.#backlog()) > 0) {
      this.#signal();
      await new Promise((next) => setTimeout(next, 20));
    }
    this.#stopping.abort();
    this.#signal();
    await this.#running;
  }

  readonly #committed = (): void => {
    if (this.active) this.#signal();
    else this.#notify();
  };

  #signal(): void {
    this.#dirty = true;
    this.#wake?.();
  }

  /** The active relay is in another process: one NOTIFY, after commits, for all that came meanwhile. */
  #notify(): void {
    if (this.#notifying) return;
    this.#notifying = true;
    setTimeout(() => {
      this.#notifying = false;
      this.#options.db.pool.query(`NOTIFY ${CHANNEL}`).catch(() => {});
    }, 5).unref();
  }

  async #backlog(): Promise<number> {
    const [row] = await this.#options.db
      .query<{ count: string }>(sql`SELECT count(*) FROM kernel.outbox WHERE published_at IS NULL`)
      .catch(() => []);
    return Number(row?.count ?? 0);
  }

  async #run(): Promise<void> {
    const { log, pollMs = 1_000 } = this.#options;
    while (!this.#stopping.signal.aborted) {
      this.#dirty = false;
      try {
        if (!this.#options.broker.connected || !(await this.#lead())) {
          await this.#pause(pollMs);
          continue;
        }
        const count = await this.#publishBatch(this.#session as pg.Client);
        // Under load, rows gather for a moment: a batch costs one statement, however many rows it has.
        if (count > 0) await new Promise((next) => setTimeout(next, GATHER_MS));
        else if (!this.#dirty) await this.#pause(pollMs);
      } catch (error) {
        if (this.#stopping.signal.aborted) break;
        log.warn({ err: error }, 'the outbox relay could not publish; it goes on');
        await this.#pause(pollMs);
      }
    }
    await this.#resign();
  }

  async #lead(): Promise<boolean> {
    if (this.#session) return true;
    const session = this.#options.db.client();
    const lost = () => {
      if (this.#session === session) this.#session = null;
    };
    session.on('end', lost);
    session.on('error', lost);
    session.on('notification', () => this.#signal());
    try {
      await session.connect();
      const { rows } = await session.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [LOCK]);
      if (!rows[0]?.held) {
        await session.end();
        return false;
      }
      await session.query(`LISTEN ${CHANNEL}`);
      // A mark that a crash of PostgreSQL loses is an event published again, which consumers know already: not worth waiting for the disk.
      await session.query('SET synchronous_commit = off');
    } catch (error) {
      await session.end().catch(() => {});
      throw error;
    }
    await this.#options.broker.ensureStream(this.#options.context).catch(async (error: unknown) => {
      await session.end().catch(() => {});
      throw error;
    });
    this.#session = session;
    this.#options.log.debug('the outbox relay is active here');
    return true;
  }

  async #resign(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    await session?.end().catch(() => {});
  }

  async #publishBatch(session: pg.Client): Promise<number> {
    const { broker, batch = 500 } = this.#options;
    const { rows } = await session.query<OutboxRow & pg.QueryResultRow>({ name: 'next', ...textAndValues(next(this.#acked, batch)) });
    this.#acked = [];
    if (rows.length === 0) return 0;
    const acks = await settledUnless(
      broker.lost,
      rows.map((row) => broker.js.publish(broker.names.subject(row.subject), row.data, { headers: encode(row), timeout: 5_000 })),
    );
    const acked = rows.filter((_, at) => acks[at]?.status === 'fulfilled');
    this.#acked = acked.map((row) => row.seq);
    this.#published.inc(acked.length);
    this.#trace(acked);
    const failed = acks.find((ack) => ack.status === 'rejected');
    if (failed) {
      if (this.#session === session) await this.#resign();
      throw failed.reason;
    }
    return rows.length;
  }

  /** How long each event was in the outbox and on its way to the broker. */
  #trace(rows: readonly OutboxRow[]): void {
    const { tracer, context } = this.#options;
    if (!tracer) return;
    for (const { subject, traceparent, time, id } of rows) {
      const event = subject.split('.')[2] ?? '';
      const attributes = {
        'madang.event': event,
        'madang.event_id': id,
        'messaging.system': 'nats',
        'messaging.destination.name': context,
      };
      if (traceparent) tracer.start(`publish ${event}`, { kind: 'producer', parent: traceparent, startedAt: time, attributes }).end();
    }
  }

  async #pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = null;
  }
}

/** How each of them ended; those that had not by the time of the abort are rejected with its reason. */
async function settledUnless<T>(abort: AbortSignal, all: readonly Promise<T>[]): Promise<PromiseSettledResult<T>[]> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const end = () => reject(abort.reason);
  abort.addEventListener('abort', end, { once: true });
  if (abort.aborted) end();
  try {
    return await Promise.allSettled(all.map((each) => Promise.race([each, aborted])));
  } finally {
    abort.removeEventListener('abort', end);
  }
}
