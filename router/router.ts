import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Broker } from '@madang/kernel/nats';
import type { Tracer } from '@madang/kernel/observability';
import type { Logger } from 'pino';
import type { TokenIssuer } from './context.ts';
import { door } from './door/door.ts';
import type { Policies } from './engine/authorisation/rights.ts';
import { brokerChanges } from './engine/cache/broker-changes.ts';
import { ownChanges } from './engine/cache/changes.ts';
import { overHttp, startEngine } from './engine/executor.ts';
import { reloadable } from './engine/reloadable.ts';
import { sharedTransports } from './engine/shared-transports.ts';
import { subscriptions } from './engine/subscriptions/subscriptions.ts';
import { upstreams } from './engine/subscriptions/upstreams.ts';
import { apolloServer, apolloWay } from './front/apollo.ts';
import { httpServer } from './front/http.ts';
import { ownWay } from './front/own.ts';
import { persistedDocuments } from './front/persisted.ts';
import { waysOf } from './front/streams.ts';
import { websockets } from './front/websocket.ts';
import { subgraphStates } from './health.ts';
import { type IdentityOptions, identity } from './identity.ts';
import { routerMetrics } from './metrics.ts';
import { type CacheSettings, cacheSettings } from './settings/cache.ts';
import { type DocumentSettings, documents as documentDefaults } from './settings/documents.ts';
import { type DoorSettings, doorDefaults } from './settings/door.ts';
import { limits as defaults, type Limits } from './settings/limits.ts';
import { type SupergraphSettings, supergraphSettings } from './settings/supergraph.ts';
import { type TrafficSettings, traffic as trafficDefaults } from './settings/traffic.ts';
import { showing } from './show.ts';
import type { Editions, Origin } from './supergraph/edition.ts';
import type { KnownOperation } from './supergraph/known-operations.ts';
import { type Next, swap } from './supergraph/swap.ts';
import { watching } from './watch.ts';

export interface RouterOptions {
  readonly supergraphSdl: string;
  /** Where it was found; default: it was given. */
  readonly origin?: Origin | undefined;
  /** What clients are known to send: planned, and warned of, before another supergraph is taken. Default: nothing. */
  readonly operations?: (() => readonly KnownOperation[]) | undefined;
  /** The GraphQL address of each subgraph, by its name in the supergraph. */
  readonly subgraphs: Readonly<Record<string, string>>;
  /** 0 = any free one. */
  readonly port: number;
  readonly host: string;
  /** Where users' tokens are from. */
  readonly identity: IdentityOptions;
  /** Issues the internal tokens that the subgraphs ask for. */
  readonly tokens: TokenIssuer;
  readonly log: Logger;
  readonly tracer?: Tracer | undefined;
  /** Operations that metrics, spans and access log tell by name; none without it. */
  readonly operationNames?: ReadonlySet<string> | undefined;
  /** Who speaks GraphQL over HTTP: the router's own front (`own`, the default), or Apollo Server (`apollo`), for its plugins. */
  readonly front?: 'own' | 'apollo' | undefined;
  /** What `@policy` names in the supergraph, by name. Default: none; a policy that is not here is kept by nobody. */
  readonly policies?: Policies | undefined;
  /** nats-server, once it is reached; without it the router is for itself. */
  readonly broker?: Promise<Broker> | undefined;
  /** Put over the defaults of `settings/limits.ts`. */
  readonly limits?: Partial<Limits>;
  /** Put over the defaults of `settings/supergraph.ts`. Where a supergraph comes from is not the router's business: {@link Router.reload}. */
  readonly supergraph?: Partial<SupergraphSettings>;
  /** Put over the defaults of `settings/cache.ts`; `now` is the clock by which answers get old, in milliseconds since 1970. */
  readonly cache?: Partial<CacheSettings> & { readonly now?: () => number };
  /** Put over the defaults of `settings/traffic.ts`: for all subgraphs, and for each by its name. */
  readonly traffic?: { readonly [Part in keyof TrafficSettings]?: Partial<TrafficSettings[Part]> };
  /** Put over the defaults of `settings/door.ts`. */
  readonly door?: Partial<DoorSettings> | undefined;
  /** Put over the defaults of `settings/documents.ts`. */
  readonly documents?: Partial<DocumentSettings>;
  /** The operations that are known: the text of `schema/persisted-operations.json`. */
  readonly manifest?: string | undefined;
}

export interface Router {
  /** The GraphQL endpoint. */
  readonly url: string;
  /** The supergraph in use. */
  supergraph(): Editions;
  /**
   * Takes another supergraph, and another manifest if there is one. Subscriptions that are still valid go on, others end with SCHEMA_CHANGED.
   * @throws SupergraphRefused; nothing has changed then
   */
  reload(next: Pick<RouterOptions, 'supergraphSdl' | 'subgraphs' | 'manifest'> & Partial<Origin>): Promise<void>;
  /** Drains, then closes: not ready, no new work, running requests finished (at most `drainMs`), sockets told to go (1001), connections closed. */
  close(): Promise<void>;
}

/** Starts the router. No subgraph needs to be up. */
export async function startRouter(options: RouterOptions): Promise<Router> {
  const { supergraphSdl, subgraphs, port, host, tokens, log, tracer, operationNames: names = new Set(), policies } = options;
  const limits = { ...defaults, ...options.limits };
  const traffic = { all: { ...trafficDefaults, ...options.traffic?.all }, of: { ...options.traffic?.of } };
  const documents = { ...documentDefaults, ...options.documents };
  const metrics = routerMetrics(Object.keys(subgraphs));
  const changes = options.broker ? brokerChanges(options.broker, log) : ownChanges;
  const { cache: caches, cacheBytes: bytes, now } = { now: Date.now, ...cacheSettings, ...options.cache };
  const addresses = { ...subgraphs };
  const who = identity(options.identity);
  const doorSettings = { ...doorDefaults, ...options.door };
  const { operationTimeoutMs } = doorSettings;
  const entrance = door({ settings: doorSettings, identity: who, metrics, broker: options.broker, log });
  const kept = caches ? { bytes, changes, now } : undefined;
  const settings = { limits, documents, traffic, metrics, log, policies, operationTimeoutMs, cache: kept };
  const connect = sharedTransports(overHttp(settings));
  const build = (next: Omit<Next, 'source'>) => startEngine({ ...next, ...settings, connect });
  const first = { supergraphSdl, subgraphs, manifest: options.manifest };
  const engine = reloadable(await build(first), limits.drainMs, (engines) => metrics.engines.set(engines));
  const show = showing(log);
  const apollo = options.front === 'apollo' ? apolloServer(engine, limits, documents, metrics, log, show) : undefined;
  await apollo?.start();

  let draining = false;
  const ways = upstreams(addresses, limits, metrics);
  const states = subgraphStates(addresses);
  const open = subscriptions({ engine, upstreams: ways, limits, metrics, show });
  const editions = swap({
    first: { ...first, source: 'given', ...options.origin },
    build,
    replace(made, next) {
      for (const name of Object.keys(addresses)) delete addresses[name];
      Object.assign(addresses, next.subgraphs);
      engine.replace(made);
      open.replan();
    },
    operations: options.operations ?? (() => []),
    strict: { ...supergraphSettings, ...options.supergraph }.supergraphStrict,
    metrics,
    log,
  });
  const front = {
    engine,
    door: entrance,
    tokens,
    subscriptions: open,
    limits,
    documents,
    persisted: persistedDocuments(engine, documents),
    metrics,
    log,
    show,
    watching: watching({ tracer, metrics, log, names }),
    streams: new Set<() => void>(),
    subgraphStates: states,
    supergraph: editions.current,
    draining: () => draining,
  };
  const server = httpServer(front, waysOf(front, ownWay(front), apollo && apolloWay(apollo, front)));
  const sockets = websockets(server, front);
  server.listen(port, host);
  await once(server, 'listening');
  const { port: actual } = server.address() as AddressInfo;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${actual}/graphql`;
  log.info({ url, subgraphs: Object.keys(subgraphs) }, 'the router listens');

  async function drain(): Promise<void> {
    draining = true;
    sockets.goAway();
    for (const goAway of front.streams) goAway();
    const closed = once(server, 'close');
    server.close();
    server.closeIdleConnections();
    const late = setTimeout(() => {
      sockets.terminate();
      server.closeAllConnections();
    }, limits.drainMs);
    await closed;
    clearTimeout(late);
    sockets.terminate();
    ways.close();
    who.close();
    entrance.close();
    await apollo?.stop();
    await engine.close();
    changes.close();
    await tracer?.flush();
    log.info('the router is closed');
  }

  let closing: Promise<void> | undefined;
  return {
    url,
    supergraph: editions.current,
    reload: (next) => editions.to({ source: 'given', ...next }),
    close() {
      closing ??= drain();
      return closing;
    },
  };
}
