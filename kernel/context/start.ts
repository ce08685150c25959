import type { Logger } from 'pino';
import { uuidv7 } from 'uuidv7';
import type { EventDefinition } from '../domain/index.ts';
import { serveSubgraph } from '../graphql/index.ts';
import { internalTokens } from '../identity/index.ts';
import { createLogger, createMetrics, openTracer } from '../observability/index.ts';
import { Database, sql } from '../prisma/index.ts';
import { kernelConfig } from './config.ts';
import type { Clock, ContextDefinition, Env, Kernel } from './definition.ts';
import { openEdges } from './edges.ts';
import { commit, commitAll, type Executor, execute } from './execute.ts';
import { housekeeping } from './housekeeping.ts';
import { Intents } from './intents.ts';
import { startMessaging } from './messaging.ts';
import { isOutage } from './outage.ts';

/** A running context. */
export interface Running {
  readonly name: string;
  /** `http://127.0.0.1:4102/graphql` */
  readonly url: string;
  /** Drains and stops: no new requests and events, then what is in flight, then the outbox; at most about 10 s. */
  close(): Promise<void>;
}

/** What tests may put in the place of the real thing. */
export interface StartOptions {
  readonly clock?: Clock;
  readonly log?: Logger;
}

/** Of the 10 s that stopping may take: first requests, events and intents in flight, then the outbox. */
const DRAIN_MS = 7_500;
const DRAIN_OUTBOX_MS = 2_000;

const isEvent = (value: unknown): value is EventDefinition => typeof value === 'function' && 'eventName' in value;

/** By name; of several versions the newest is published. */
function declarations({ name, events }: ContextDefinition): ReadonlyMap<string, EventDefinition> {
  const found = new Map(
    Object.values(events)
      .filter(isEvent)
      .sort((a, b) => a.version - b.version)
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

const readinessOf = (db: Database) => async (): Promise<string | null> => {
  try {
    await db.query(sql`SELECT 1`);
    return null;
  } catch (error) {
    return `database: ${error instanceof Error ? error.message : String(error)}`;
  }
};

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
  const tracer = await openTracer(name, env, log);
  const tokens = internalTokens(config.INTERNAL_SECRET);
  const events = declarations(definition);
  const edges = openEdges(definition, { env, token: (actor) => tokens.issue(actor, name), log, metrics, tracer });
  const db = new Database({ url: config.databaseUrl, poolSize: config.POOL_SIZE, applicationName: `madang ${name}`, log });
  const executor: Executor = {
    db,
    clock,
    tracer,
    declared(event) {
      const found = events.get(event.name);
      if (!found) throw new TypeError(`${name} publishes ${event.name}, but its events.ts does not declare it`);
      return found;
    },
  };
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
    commitAll: (changes) => commitAll(executor, changes),
    async runIntent(kind, key, payload, cause) {
      if (!intents) throw new TypeError('intents run once the context is built');
      await intents.run(kind, key, payload, cause);
    },
    edge: (callee) => edges.to(callee),
  };

  /** Undone in the opposite order. */
  const opened: (() => Promise<unknown> | unknown)[] = [() => db.close(), () => edges.close(), () => tracer?.flush()];
  const undo = async () => {
    for (const step of opened.splice(0).reverse()) await step();
  };
  try {
    await reachable(db, log);
    const parts = await definition.build(kernel);
    if (parts.close) opened.push(parts.close);
    const sweep = new Intents({ context: name, db, clock, log, metrics, tracer, handlers: parts.intents ?? {} });
    intents = sweep;
    edges.onClosed(() => sweep.wake());
    if (config.SEED === 'demo') await parts.seed?.();

    const { reactions = [], concurrency } = parts;
    const messaging = startMessaging({ context: name, config, db, events, reactions, concurrency, log, metrics, tracer });
    opened.push(() => messaging.close(DRAIN_OUTBOX_MS));
    sweep.start();
    opened.push(() => sweep.stop());
    opened.push(housekeeping({ db, log, outboxDays: config.OUTBOX_RETENTION_DAYS, inboxDays: config.INBOX_RETENTION_DAYS }));
    const server = await serveSubgraph({
      name,
      sdl: definition.sdl,
      parts,
      log,
      metrics,
      tracer,
      tokens,
      clock,
      host: config.HOST,
      port: config.port,
      readiness: readinessOf(db),
      source: messaging.source,
      drainMs: DRAIN_MS,
    });
    opened.push(() => Promise.all([server.close(), messaging.finishEvents(DRAIN_MS)]));
    log.info({ url: server.url }, 'ready');

    let closing: Promise<void> | undefined;
    return {
      name,
      url: server.url,
      close() {
        closing ??= undo().then(() => log.info('stopped'));
        return closing;
      },
    };
  } catch (error) {
    await undo();
    throw error;
  }
}
