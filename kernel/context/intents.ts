import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';
import { service } from '../domain/index.ts';
import { inSpan, type Tracer, within } from '../observability/index.ts';
import { type Database, sql } from '../prisma/index.ts';
import { type Cause, type Clock, type IntentHandler, type OpenIntent, RetryLater } from './definition.ts';
import { openIntents } from './open-intents.ts';
import { isOutage } from './outage.ts';

export interface IntentsOptions {
  readonly context: string;
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Registry;
  readonly tracer?: Tracer | undefined;
  readonly handlers: Readonly<Record<string, IntentHandler>>;
  /** Milliseconds between looks for what is due. @default 500 */
  readonly pollMs?: number;
  /** How long a sweep keeps an intent to itself, ms. @default 5000 */
  readonly leaseMs?: number;
  /** Intents swept side by side. @default 16 */
  readonly concurrency?: number;
}

interface Row {
  readonly kind: string;
  readonly key: string;
  readonly payload: unknown;
  readonly attempts: number;
  readonly correlation_id: string;
}

const backoff = (attempts: number): number => Math.min(5_000, 500 * 2 ** Math.min(attempts, 5)) * (0.75 + Math.random() / 2);

/** Runs intents: at once in the request that stored them, and by a sweep until each is decided. Replicas share the sweep. */
export class Intents {
  readonly #options: IntentsOptions;
  readonly #kinds: readonly string[];
  readonly #running = new Set<string>();
  readonly #runs: Counter<'kind' | 'outcome'>;
  #stopped = false;
  #wake: (() => void) | null = null;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: IntentsOptions) {
    this.#options = options;
    this.#kinds = Object.keys(options.handlers);
    const { db, metrics } = options;
    this.#runs = new Counter({
      name: 'madang_intents_total',
      help: 'Runs of intents by outcome (done, unavailable, failed)',
      labelNames: ['kind', 'outcome'],
      registers: [metrics],
    });
    for (const kind of this.#kinds) for (const outcome of ['done', 'unavailable', 'failed']) this.#runs.inc({ kind, outcome }, 0);
    openIntents(db, metrics, this.#kinds);
  }

  start(): void {
    if (this.#kinds.length > 0) this.#loop = this.#sweep();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake?.();
    await this.#loop;
  }

  /** Something that was out is back (a breaker has closed, say): what was put off is due now. */
  wake(): void {
    const { db, clock, log } = this.#options;
    const now = clock.now();
    db.query(
      sql`UPDATE kernel.intent SET due_at = ${now} WHERE due_at > ${now} AND last_error IS NOT NULL AND kind = ANY(${this.#kinds}::text[])`,
    ).then(
      () => this.#wake?.(),
      (error: unknown) => log.warn({ err: error }, 'intents that were put off stay so'),
    );
  }

  /** See `Kernel.runIntent`. */
  async run(kind: string, key: string, payload: unknown, cause: Cause): Promise<void> {
    await this.#handle({ kind, key, payload, attempts: 0 }, cause);
  }

  async #handle(intent: OpenIntent, cause: Cause): Promise<void> {
    const { handlers, tracer } = this.#options;
    const handler = handlers[intent.kind];
    if (!handler) throw new TypeError(`there is no handler for the intent ${intent.kind}`);
    const place = `${intent.kind}/${intent.key}`;
    this.#running.add(place);
    try {
      const attributes = { 'madang.intent': intent.kind, 'madang.attempt': intent.attempts };
      await inSpan(tracer, `intent ${intent.kind}`, { parent: cause.traceparent, attributes }, (span) =>
        handler(intent, within(cause, span)),
      );
      this.#runs.inc({ kind: intent.kind, outcome: 'done' });
    } catch (error) {
      this.#runs.inc({ kind: intent.kind, outcome: isOutage(error) ? 'unavailable' : 'failed' });
      throw error;
    } finally {
      this.#running.delete(place);
    }
  }

  async #sweep(): Promise<void> {
    const { log, pollMs = 500, concurrency = 16 } = this.#options;
    const open = new Set<Promise<void>>();
    while (!this.#stopped) {
      let claimed: Row[] = [];
      try {
        if (open.size < concurrency) claimed = await this.#claim(concurrency - open.size);
      } catch (error) {
        log.warn({ err: error }, 'open intents could not be read; trying again');
      }
      for (const row of claimed) {
        const run = this.#resume(row).finally(() => {
          open.delete(run);
          if (open.size === concurrency - 1) this.#wake?.();
        });
        open.add(run);
      }
      if (claimed.length === 0 || open.size >= concurrency) await this.#pause(pollMs);
    }
    await Promise.all(open);
  }

  async #claim(limit: number): Promise<Row[]> {
    const { db, clock, leaseMs = 5_000 } = this.#options;
    const now = clock.now();
    return db.query<Row & Record<string, unknown>>(sql`
      UPDATE kernel.intent i SET due_at = ${new Date(now.getTime() + leaseMs)}, attempts = attempts + 1, last_error = NULL
      WHERE (i.kind, i.key) IN (
        SELECT kind, key FROM kernel.intent WHERE due_at <= ${now} AND kind = ANY(${this.#kinds}::text[])
        ORDER BY due_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
      RETURNING i.kind, i.key, i.payload, i.attempts, i.correlation_id`);
  }

  async #resume({ kind, key, payload, attempts, correlation_id }: Row): Promise<void> {
    const { db, clock, context, log } = this.#options;
    if (this.#running.has(`${kind}/${key}`)) return;
    const cause: Cause = { actor: service(context), correlationId: correlation_id };
    try {
      await this.#handle({ kind, key, payload, attempts }, cause);
    } catch (error) {
      const wait = error instanceof RetryLater ? error.inMs : backoff(attempts);
      const level = isOutage(error) ? 'debug' : 'error';
      log[level]({ err: error, kind, key, attempts }, 'an intent stays open');
      const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      await db
        .query(
          sql`UPDATE kernel.intent SET due_at = ${new Date(clock.now().getTime() + wait)}, last_error = ${reason.slice(0, 500)} WHERE kind = ${kind} AND key = ${key}`,
        )
        .catch((failure: unknown) => log.warn({ err: failure }, 'an intent could not be put off; its lease runs out'));
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
