import type { Logger } from 'pino';
import { uuidv7 } from 'uuidv7';
import { type EventDefinition, service, tryAgainLater } from '../domain/index.ts';
import { type SubscriptionSource, serveSubgraph, subscriptionSource } from '../graphql/index.ts';
import { internalTokens } from '../identity/index.ts';
import { Broker, decode, eventNameOf, type Handler, InvalidEvent, Reader, Relay } from '../nats/index.ts';
import { createLogger, createMetrics } from '../observability/index.ts';
import { Database, type Declarations, sql } from '../prisma/index.ts';
import { type Edge, edgeMetrics, edgeSettings, GraphqlEdge } from '../resilience/index.ts';
import { calleeUrl, kernelConfig } from './config.ts';
import type { Cause, Clock, ContextDefinition, Env, Kernel, Reaction } from './definition.ts';
import { commit, type Executor, execute, unused } from './execute.ts';
import { housekeeping } from './housekeeping.ts';
import { Intents } from './intents.ts';
import { isOutage } from './outage.ts';
import { Settled } from './settled.ts';

/** A running context. */
export interface Running {
  readonly name: string;
  /** `http://127.0.0.1:4102/graphql` */
  readonly url: string;
  /** Drains and stops: no new requests, then what is in flight, then the outbox; at most about 10 s. */
  close(): Promise<void>;
}

/** What tests may put in the place of the real thing. */
export interface StartOptions {
  readonly clock?: Clock;
  readonly log?: Logger;
}

const isEvent = (value: unknown): value is EventDefinition => typeof value === 'function' && 'eventName' in value;

function declarations({ name, events }: ContextDefinition): ReadonlyMap<string, EventDefinition> {
  const found = new Map(
    Object.values(events)
      .filter(isEvent)
      .map((event) => [event.eventName, event]),
  );
  for (const event of found.values())
    if (event.context !== name) throw new TypeError(`${event.eventName} is declared for ${event.context}, but ${name} publishes it`);
  return found;
}

/** Waits until the database answers. @throws the last error after `patienceMs` */
async function reachable(db: Database, log: Logger, patienceMs = 30_000): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    try {
      await db.query(sql`SELECT 1 FROM kernel.outbox LIMIT 1`);
      return;
    } catch (error) {
      if (Date.now() > deadline || !isOutage(error)) throw error;
      log.warn({ err: error }, 'the database cannot be reached yet');
      await new Promise((next) => setTimeout(next, 250));
    }
  }
}

/**
 * Starts a context: database, subgraph, relay, readers and sweeps. NATS may come later: commands go on without it.
 * @throws TypeError for a wrong or missing variable; the database's error when it stays away
 */
export async function startContext(definition: ContextDefinition, env: Env, options: StartOptions = {}): Promise<Running> {
  const { name } = definition;
  const config = kernelConfig(name, env);
  const log = options.log ?? createLogger({ name, level: config.LOG_LEVEL });
  const clock = options.clock ?? { now: () => new Date() };
  const metrics = createMetrics({ context: name });
  const tokens = internalTokens(config.INTERNAL_SECRET);
  const db = new Database({ url: config.databaseUrl, poolSize: config.POOL_SIZE, applicationName: `madang ${name}`, log });
  const events = declarations(definition);
  const declared: Declarations = (event) => {
    const found = events.get(event.name);
    if (!found) throw new TypeError(`${name} publishes ${event.name}, but its events.ts does not declare it`);
    return found;
  };
  const executor: Executor = { db, clock, declared };
  const undo: (() => Promise<unknown> | unknown)[] = [() => db.close()];
  const abandon = async () => {
    for (const step of undo.reverse()) await step();
  };

  try {
    await reachable(db, log);
    const edges = new Map<string, Edge & { close(): Promise<void> }>();
    const perEdge = edgeMetrics(metrics);
    for (const callee of definition.calls ?? []) {
      const edge = new GraphqlEdge({
        caller: name,
        callee,
        url: calleeUrl(name, callee, env),
        settings: edgeSettings(name, callee, env),
        token: (actor) => tokens.issue(actor, name),
        metrics: perEdge,
        log,
      });
      edges.set(callee, edge);
      undo.push(() => edge.close());
    }

    let intents: Intents | null = null;
    const kernel: Kernel = {
      name,
      env,
      db,
      log,
      metrics,
      clock,
      newId: uuidv7,
      execute: (execution) => execute(executor, execution),
      commit: (cause, change) => commit(executor, cause, change),
      async runIntent(kind, key, payload, cause) {
        if (!intents) throw new TypeError('intents run once the context is built');
        await intents.run(kind, key, payload, cause);
      },
      edge(callee) {
        const edge = edges.get(callee);
        if (!edge) throw new TypeError(`${name} does not declare that it calls ${callee}`);
        return edge;
      },
    };
    const parts = await definition.build(kernel);
    if (parts.close) undo.push(parts.close);
    const running = new Intents({ context: name, db, clock, log, metrics, handlers: parts.intents ?? {} });
    intents = running;
    for (const edge of edges.values()) edge.signals.on('state', (state) => state === 'closed' && running.wake());
    if (config.SEED === 'demo') await parts.seed?.();

    const giveUp = new AbortController();
    let live: SubscriptionSource | null = null;
    const source: SubscriptionSource = {
      open(subscription) {
        if (!live) throw tryAgainLater(2, 'Subscribing');
        return live.open(subscription);
      },
      async close() {
        await live?.close();
      },
    };
    const messaging = Broker.open(
      { url: config.NATS_URL, prefix: config.NATS_PREFIX, name: `madang ${name}`, replicas: config.NATS_REPLICAS, log },
      giveUp.signal,
    )
      .then(async (broker) => {
        const relay = new Relay({ context: name, db, broker, log, metrics });
        const settled = new Settled(db);
        const handlers = (parts.reactions ?? []).map((reaction) => handlerOf(reaction, settled, name));
        const reader = new Reader({ context: name, broker, db, handlers, log, metrics, isOutage });
        live = subscriptionSource({
          connection: broker.connection,
          stream: broker.names.stream(name),
          decode: (message) => {
            const bare = broker.names.bare(message.subject);
            const event = events.get(eventNameOf(bare));
            try {
              return event ? decode(message, bare, event) : null;
            } catch (error) {
              if (error instanceof InvalidEvent) return null;
              throw error;
            }
          },
          log,
          metrics,
        });
        relay.start();
        reader.start();
        return { broker, relay, reader };
      })
      .catch((error: unknown) => {
        if (!giveUp.signal.aborted) log.error({ err: error }, 'messaging could not be started');
        return null;
      });
    running.start();
    const stopHousekeeping = housekeeping({ db, log, outboxDays: config.OUTBOX_RETENTION_DAYS, inboxDays: config.INBOX_RETENTION_DAYS });

    const readiness = async () => {
      try {
        await db.query(sql`SELECT 1`);
        return null;
      } catch (error) {
        return `database: ${error instanceof Error ? error.message : String(error)}`;
      }
    };
    const server = await serveSubgraph({
      name,
      sdl: definition.sdl,
      parts,
      log,
      metrics,
      tokens,
      clock,
      host: config.HOST,
      port: config.port,
      readiness,
      source,
    });
    log.info({ url: server.url }, 'ready');

    let closing: Promise<void> | null = null;
    const close = async () => {
      await server.close();
      stopHousekeeping();
      giveUp.abort();
      const stoppedMessaging = await messaging;
      await Promise.all([running.stop(), stoppedMessaging?.reader.stop(8_000)]);
      await stoppedMessaging?.relay.stop(2_000);
      await source.close();
      await stoppedMessaging?.broker.close();
      await abandon();
      log.info('stopped');
    };
    return { name, url: server.url, close: () => (closing ??= close()) };
  } catch (error) {
    await abandon();
    throw error;
  }
}

function handlerOf(reaction: Reaction, settled: Settled, context: string): Handler {
  return {
    name: reaction.name,
    when: reaction.when,
    async handle(event) {
      const cause: Cause = {
        actor: service(context),
        correlationId: event.correlationId,
        causationId: event.id,
        traceparent: event.traceparent,
        inbox: { eventId: event.id, handler: reaction.name },
      };
      await reaction.handle(event as never, cause);
      if (unused(cause)) await settled.add(event.id, reaction.name);
    },
  };
}
