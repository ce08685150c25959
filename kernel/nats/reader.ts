import type { JsMsg } from '@nats-io/jetstream';
import type { Logger } from 'pino';
import { Counter, Histogram, type Registry } from 'prom-client';
import type { EventDefinition, Received } from '../domain/index.ts';
import { type Database, sql } from '../prisma/index.ts';
import type { Broker } from './broker.ts';
import { Consumer } from './consumer.ts';
import { consumerMetrics } from './consumer-metrics.ts';
import { bury } from './dead-letters.ts';
import { Delivery, type DeliveryOptions, type Outcome } from './delivery.ts';
import { Lanes } from './lanes.ts';
import { decode, eventNameOf, InvalidEvent, type Message, predecessors, versionOf } from './wire.ts';

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
  readonly concurrency?: number | undefined;
  /** Tries before an event that fails for an unknown reason is buried. @default 8 */
  readonly tries?: number;
  /** Whether a failure says nothing about the event (database or callee out): tried again without end. */
  readonly isOutage: (error: unknown) => boolean;
}

/** A message that nobody works on for so long goes to another replica. */
const ACK_WAIT_MS = 8_000;
const WORKING_MS = 2_500;
const REMEMBERED = 10_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Reads the streams that a context's reactions need: same key in order, each effect once, what fails for good is buried. */
export class Reader {
  readonly #options: DeliveryOptions;
  readonly #byContext = new Map<string, Map<string, Handler[]>>();
  readonly #consumers: Consumer[] = [];
  readonly #lanes: Lanes;
  readonly #inFlight = new Map<string, JsMsg>();
  readonly #done = new Set<string>();
  readonly #lag: Histogram;
  #heartbeat: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: ReaderOptions) {
    this.#lanes = new Lanes(options.concurrency ?? 16);
    for (const handler of options.handlers) {
      const { context, eventName } = handler.when;
      const names = this.#byContext.get(context) ?? new Map<string, Handler[]>();
      names.set(eventName, [...(names.get(eventName) ?? []), handler]);
      this.#byContext.set(context, names);
    }
    const registers = [options.metrics];
    const handled = new Counter({
      name: 'madang_events_handled_total',
      help: 'Events by outcome (done, known, retried, buried)',
      labelNames: ['outcome'],
      registers,
    });
    this.#lag = new Histogram({
      name: 'madang_event_lag_seconds',
      help: 'From the moment an event happened to its effect here',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30, 300],
      registers,
    });
    for (const outcome of ['done', 'known', 'retried', 'buried']) handled.inc({ outcome }, 0);
    const { context, broker, metrics: registry } = options;
    if (this.#byContext.size > 0) consumerMetrics({ context, broker, registry, sources: [...this.#byContext.keys()] });
    const counted = (outcome: Outcome) => handled.inc({ outcome });
    this.#options = { ...options, counted, settled: (name, eventId) => this.#settled(name, eventId) };
  }

  start(): void {
    const { broker, context, log } = this.#options;
    for (const [source, names] of this.#byContext) {
      const [only, ...more] = names.keys();
      // nats-server 2.9 filters by one subject only: worth it where one event is all that is read.
      const filter = more.length === 0 ? broker.names.subject(`${source}.*.${only}.*`) : undefined;
      this.#read(broker.names.stream(source), context, () => broker.ensureStream(source), filter);
    }
    if (this.#byContext.size > 0)
      this.#read(
        broker.names.deadLetters,
        `${context}-retries`,
        () => broker.ensureDeadLetters(),
        broker.names.subject(`retries.${context}.>`),
      );
    this.#heartbeat = setInterval(() => {
      for (const message of this.#inFlight.values()) message.working();
    }, WORKING_MS);
    this.#heartbeat.unref();
    log.debug({ streams: [...this.#byContext.keys()] }, 'reading events');
  }

  /** Takes nothing new and finishes what is in flight, at most `drainMs`; the rest is redelivered to another replica. */
  async stop(drainMs = 8_000): Promise<void> {
    await Promise.all(this.#consumers.map((consumer) => consumer.stop()));
    this.#stopped = true;
    const late = new Promise((resolve) => setTimeout(resolve, drainMs).unref());
    await Promise.race([this.#lanes.idle(), late]);
    clearInterval(this.#heartbeat);
  }

  #read(stream: string, durable: string, ensure: () => Promise<unknown>, filter?: string): void {
    const { broker, log } = this.#options;
    const take = (message: JsMsg) => this.#take(stream, message);
    const consumer = new Consumer({
      broker,
      stream,
      durable,
      log,
      ensure,
      take,
      ackWaitMs: ACK_WAIT_MS,
      ...(filter === undefined ? {} : { filter }),
    });
    this.#consumers.push(consumer);
    consumer.start();
  }

  #take(stream: string, raw: JsMsg): void {
    const message = original(raw, this.#options);
    const [source = '', , , key = ''] = message.bare.split('.');
    const all = this.#byContext.get(source)?.get(eventNameOf(message.bare));
    if (!all) {
      raw.ack();
      return;
    }
    const place = `${stream}/${raw.seq}`;
    const known = this.#inFlight.has(place);
    // A redelivery replaces the message to acknowledge; the work goes on.
    this.#inFlight.set(place, raw);
    if (known) return;
    const handlers = all.filter(({ name }) => message.handler === undefined || message.handler === '*' || name === message.handler);
    const turn = this.#turns(message, handlers);
    this.#lanes.add(`${source}/${key}`, message.seq, async () => {
      const again = await turn();
      const last = this.#inFlight.get(place);
      if (again !== undefined && !this.#stopped) return again;
      this.#inFlight.delete(place);
      if (again === undefined) last?.ack();
      return undefined;
    });
  }

  #turns(message: Original, all: readonly Handler[]): () => Promise<number | undefined> {
    // While a new version of an event is beside the old one, each has handlers of its own.
    const own = all.filter(({ when }) => when.version === versionOf(message));
    const handlers = own.length > 0 ? own : all;
    const [first] = handlers;
    if (!first) return async () => undefined;
    try {
      const event = decode(message, message.bare, first.when);
      const handled = this.#byContext.get(event.context);
      const before = predecessors(message).find(({ name }) => handled?.has(name));
      const delivery = new Delivery(this.#options, event, message, handlers, before);
      return async () => {
        const again = await delivery.turn();
        if (again === undefined) this.#remember(event);
        return again;
      };
    } catch (error) {
      if (!(error instanceof InvalidEvent)) throw error;
      return () => this.#buryInvalid(message, handlers, error.message);
    }
  }

  async #buryInvalid(message: Original, handlers: readonly Handler[], reason: string): Promise<number | undefined> {
    const { broker, context, db, log, counted } = this.#options;
    const id = message.headers?.get('ce-id') ?? '';
    try {
      await bury(broker, context, '*', message, reason);
      if (UUID.test(id))
        await db.query(sql`INSERT INTO kernel.inbox (event_id, handler)
          SELECT ${id}::uuid, unnest(${handlers.map(({ name }) => `dead:${name}`)}::text[]) ON CONFLICT DO NOTHING`);
      counted('buried');
      log.error({ subject: message.bare, sequence: message.seq, reason }, 'an invalid event was buried');
      return undefined;
    } catch (error) {
      log.warn({ err: error }, 'a dead letter could not be stored; it is tried again');
      return 1_000;
    }
  }

  async #settled(name: string, eventId: string): Promise<boolean> {
    if (this.#done.has(eventId)) return true;
    const [row] = await this.#options.db
      .query<{ count: string }>(
        sql`SELECT count(DISTINCT regexp_replace(handler, '^dead:', '')) AS count FROM kernel.inbox WHERE event_id = ${eventId}::uuid`,
      )
      .catch(() => []);
    const wanted = [...this.#byContext.values()].reduce((most, names) => Math.max(most, fewest(names.get(name) ?? [])), 0);
    return row !== undefined && Number(row.count) >= wanted;
  }

  #remember(event: Received): void {
    this.#done.add(event.id);
    this.#lag.observe(Math.max(0, Date.now() - event.time.getTime()) / 1_000);
    if (this.#done.size <= REMEMBERED) return;
    const [oldest] = this.#done;
    if (oldest !== undefined) this.#done.delete(oldest);
  }
}

/** How many handlers an event has at least, whichever version it is of. */
function fewest(handlers: readonly Handler[]): number {
  const perVersion = new Map<number, number>();
  for (const { when } of handlers) perVersion.set(when.version, (perVersion.get(when.version) ?? 0) + 1);
  return perVersion.size === 0 ? 0 : Math.min(...perVersion.values());
}

/** A message as its source stream had it, also when it comes back from the dead letters. */
interface Original extends Message {
  readonly bare: string;
  /** The one handler that a retried dead letter is for. */
  readonly handler: string | undefined;
}

function original(message: JsMsg, { broker, context }: ReaderOptions): Original {
  const bare = broker.names.bare(message.subject);
  const retried = `retries.${context}.`;
  const { data, headers } = message;
  if (!bare.startsWith(retried)) return { subject: message.subject, bare, seq: message.seq, data, headers, handler: undefined };
  const subject = bare.slice(retried.length);
  return {
    subject: broker.names.subject(subject),
    bare: subject,
    seq: Number(headers?.get('madang-sequence') || message.seq),
    data,
    headers,
    handler: headers?.get('madang-handler') || undefined,
  };
}
