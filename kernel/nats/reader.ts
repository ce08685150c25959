import type { JsMsg } from '@nats-io/jetstream';
import type { Logger } from 'pino';
import { Counter, Histogram, type Registry } from 'prom-client';
import { type EventDefinition, type Received, Refused } from '../domain/index.ts';
import { AlreadyHandled, type Database, sql } from '../prisma/index.ts';
import type { Broker } from './broker.ts';
import { Consumer } from './consumer.ts';
import { bury } from './dead-letters.ts';
import { Lanes } from './lanes.ts';
import { decode, eventNameOf, InvalidEvent, type Message, predecessors } from './wire.ts';

/** One reaction of the context, bound: resolves when its effect and its inbox row are committed. */
export interface Handler {
  readonly name: string;
  readonly when: EventDefinition;
  /** @throws AlreadyHandled when the inbox has it; Refused when it can never succeed; anything else is tried again */
  handle(event: Received): Promise<void>;
}

export interface ReaderOptions {
  readonly context: string;
  readonly broker: Broker;
  readonly db: Database;
  readonly handlers: readonly Handler[];
  readonly log: Logger;
  readonly metrics: Registry;
  /** Events handled side by side. @default 16 */
  readonly concurrency?: number;
  /** Tries before an event that fails for an unknown reason is buried. @default 8 */
  readonly tries?: number;
  /** Whether a failure says nothing about the event (database or callee out): tried again without end. */
  readonly isOutage: (error: unknown) => boolean;
}

const WORKING_MS = 10_000;
const PREDECESSOR_PATIENCE_MS = 30_000;
const REMEMBERED = 10_000;

const backoff = (attempt: number): number => Math.min(5_000, 100 * 2 ** Math.min(attempt, 6)) * (0.75 + Math.random() / 2);

/** Reads the streams that a context's reactions need: same key in order, each effect once, what fails for good is buried. */
export class Reader {
  readonly #options: ReaderOptions;
  readonly #byContext = new Map<string, Map<string, Handler[]>>();
  readonly #consumers: Consumer[] = [];
  readonly #lanes: Lanes;
  readonly #inFlight = new Map<string, JsMsg>();
  readonly #done = new Set<string>();
  readonly #handled: Counter<'outcome'>;
  readonly #lag: Histogram;
  #heartbeat: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.#lanes = new Lanes(options.concurrency ?? 16);
    for (const handler of options.handlers) {
      const { context, eventName } = handler.when;
      const names = this.#byContext.get(context) ?? new Map<string, Handler[]>();
      names.set(eventName, [...(names.get(eventName) ?? []), handler]);
      this.#byContext.set(context, names);
    }
    const registers = [options.metrics];
    this.#handled = new Counter({ name: 'madang_events_handled_total', help: 'Events by outcome', labelNames: ['outcome'], registers });
    this.#lag = new Histogram({
      name: 'madang_event_lag_seconds',
      help: 'From the moment an event happened to its effect here',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30, 300],
      registers,
    });
  }

  start(): void {
    const { broker, context, log } = this.#options;
    const take = (stream: string) => (message: JsMsg) => this.#take(stream, message);
    for (const source of this.#byContext.keys()) {
      const stream = broker.names.stream(source);
      const ensure = () => broker.ensureStream(source);
      this.#consumers.push(new Consumer({ broker, stream, durable: context, log, ensure, take: take(stream) }));
    }
    if (this.#consumers.length > 0)
      this.#consumers.push(
        new Consumer({
          broker,
          stream: broker.names.deadLetters,
          durable: `${context}-retries`,
          filter: broker.names.subject(`retries.${context}.>`),
          log,
          ensure: () => broker.ensureDeadLetters(),
          take: take(broker.names.deadLetters),
        }),
      );
    for (const consumer of this.#consumers) consumer.start();
    this.#heartbeat = setInterval(() => {
      for (const message of this.#inFlight.values()) message.working();
    }, WORKING_MS);
    this.#heartbeat.unref();
  }

  /** Takes nothing new and finishes what is in flight, at most `drainMs`; the rest is redelivered to another replica. */
  async stop(drainMs = 10_000): Promise<void> {
    await Promise.all(this.#consumers.map((consumer) => consumer.stop()));
    const late = new Promise((resolve) => setTimeout(resolve, drainMs).unref());
    this.#stopped = true;
    await Promise.race([this.#lanes.idle(), late]);
    clearInterval(this.#heartbeat);
  }

  #take(stream: string, message: JsMsg): void {
    const { broker, context } = this.#options;
    const bare = broker.names.bare(message.subject).replace(`retries.${context}.`, '');
    const [source = ''] = bare.split('.');
    const handlers = this.#byContext.get(source)?.get(eventNameOf(bare));
    if (!handlers) return message.ack();
    const place = `${stream}/${message.seq}`;
    if (this.#inFlight.has(place)) return;
    this.#inFlight.set(place, message);
    const only = message.headers?.get('madang-handler') || undefined;
    const chosen = only === undefined || only === '*' ? handlers : handlers.filter((handler) => handler.name === only);
    this.#lanes.add(`${source}/${bare.slice(bare.lastIndexOf('.') + 1)}`, async (rest) => {
      try {
        if (await this.#deliver(message, bare, chosen, rest)) message.ack();
      } finally {
        this.#inFlight.delete(place);
      }
    });
  }

  /** True when the message is done with, for good or bad. */
  async #deliver(message: JsMsg, bare: string, handlers: readonly Handler[], rest: (ms: number) => Promise<void>): Promise<boolean> {
    const [first] = handlers;
    if (!first) return true;
    let event: Received;
    try {
      event = decode(message, bare, first.when);
    } catch (error) {
      if (!(error instanceof InvalidEvent)) throw error;
      return this.#bury(message, '*', error.message, rest);
    }
    await this.#awaitPredecessor(message, event, rest);
    for (const handler of handlers) if (!(await this.#carryOut(handler, event, message, rest))) return false;
    this.#remember(event.id);
    this.#lag.observe(Math.max(0, Date.now() - event.time.getTime()) / 1_000);
    return true;
  }

  async #carryOut(handler: Handler, event: Received, message: JsMsg, rest: (ms: number) => Promise<void>): Promise<boolean> {
    const { log, tries = 8, isOutage } = this.#options;
    for (let attempt = 0, failures = 0; !this.#stopped || attempt === 0; attempt++) {
      try {
        await handler.handle(event);
        this.#handled.inc({ outcome: 'done' });
        return true;
      } catch (error) {
        if (error instanceof AlreadyHandled) {
          this.#handled.inc({ outcome: 'known' });
          return true;
        }
        if (!isOutage(error)) failures++;
        if (error instanceof Refused || failures >= tries) {
          log.error({ err: error, handler: handler.name, event: event.name, eventId: event.id }, 'an event failed for good');
          return this.#bury(message, handler.name, error instanceof Error ? `${error.name}: ${error.message}` : String(error), rest, event.id);
        }
        this.#handled.inc({ outcome: 'retried' });
        if (attempt > 2) log.warn({ err: error, handler: handler.name, event: event.name, eventId: event.id, attempt }, 'an event is tried again');
        await rest(backoff(attempt));
      }
    }
    return false;
  }

  async #bury(message: JsMsg, handler: string, reason: string, rest: (ms: number) => Promise<void>, eventId?: string): Promise<boolean> {
    const { broker, context, db, log } = this.#options;
    for (let attempt = 0; !this.#stopped; attempt++) {
      try {
        await bury(broker, context, handler, asOriginal(message, broker, context), reason);
        if (eventId)
          await db.query(
            sql`INSERT INTO kernel.inbox (event_id, handler) VALUES (${eventId}::uuid, ${`dead:${handler}`}) ON CONFLICT DO NOTHING`,
          );
        this.#handled.inc({ outcome: 'buried' });
        return true;
      } catch (error) {
        log.warn({ err: error }, 'a dead letter could not be stored; it is tried again');
        await rest(backoff(attempt));
      }
    }
    return false;
  }

  /** With several replicas the event before this one of the same key may still be in another's hands: it goes first. */
  async #awaitPredecessor(message: JsMsg, event: Received, rest: (ms: number) => Promise<void>): Promise<void> {
    const handled = this.#byContext.get(event.context);
    const before = predecessors(message).find(({ name }) => handled?.has(name));
    if (!before || this.#done.has(before.id)) return;
    const wanted = handled?.get(before.name)?.length ?? 0;
    const deadline = Date.now() + PREDECESSOR_PATIENCE_MS;
    for (let attempt = 0; !this.#stopped; attempt++) {
      const [row] = await this.#options.db
        .query<{ count: string }>(
          sql`SELECT count(DISTINCT regexp_replace(handler, '^dead:', '')) AS count FROM kernel.inbox WHERE event_id = ${before.id}::uuid`,
        )
        .catch(() => []);
      if (Number(row?.count ?? 0) >= wanted) return;
      if (Date.now() > deadline) {
        this.#options.log.warn({ eventId: event.id, predecessor: before.id }, 'an earlier event of this key has not come; going on without it');
        return;
      }
      await rest(Math.min(500, 10 * 2 ** attempt));
    }
  }

  #remember(eventId: string): void {
    this.#done.add(eventId);
    if (this.#done.size <= REMEMBERED) return;
    const [oldest] = this.#done;
    if (oldest !== undefined) this.#done.delete(oldest);
  }
}

/** A retried dead letter that fails again is buried under its event's own subject. */
function asOriginal(message: JsMsg, broker: Broker, context: string): Message {
  const bare = broker.names.bare(message.subject);
  const retried = `retries.${context}.`;
  if (!bare.startsWith(retried)) return message;
  return {
    subject: broker.names.subject(bare.slice(retried.length)),
    seq: Number(message.headers?.get('madang-sequence') ?? message.seq),
    data: message.data,
    headers: message.headers,
  };
}
