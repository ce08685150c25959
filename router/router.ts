import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Broker } from '@madang/kernel/nats';
import type { Tracer } from '@madang/kernel/observability';
import type { Logger } from 'pino';
import type { TokenIssuer } from './context.ts';
import { startEngine } from './engine/executor.ts';
import { reloadable } from './engine/reloadable.ts';
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
import { type DocumentSettings, documents as documentDefaults } from './settings/documents.ts';
import { limits as defaults, type Limits } from './settings/limits.ts';
import { showing } from './show.ts';
import { watching } from './watch.ts';

export interface RouterOptions {
  readonly supergraphSdl: string;
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
  /** nats-server, once it is reached; without it the router is for itself. */
  readonly broker?: Promise<Broker> | undefined;
  /** Put over the defaults of `settings/limits.ts`. */
  readonly limits?: Partial<Limits>;
  /** Put over the defaults of `settings/documents.ts`. */
  readonly documents?: Partial<DocumentSettings>;
  /** The operations that are known: the text of `schema/persisted-operations.json`. */
  readonly manifest?: string | undefined;
}

export interface Router {
  /** The GraphQL endpoint. */
  readonly url: string;
  /** Takes another supergraph, and another manifest if there is one. Subscriptions that are still valid go on, others end with SCHEMA_CHANGED. @throws when it cannot be read; nothing has changed then */
  reload(next: Pick<RouterOptions, 'supergraphSdl' | 'subgraphs' | 'manifest'>): Promise<void>;
  /** Drains, then closes: not ready, no new work, running requests finished (at most `drainMs`), sockets told to go (1001), connections closed. */
  close(): Promise<void>;
}

/** Starts the router. No subgraph needs to be up. */
export async function startRouter(options: RouterOptions): Promise<Router> {
  const { supergraphSdl, subgraphs, port, host, tokens, log, tracer, operationNames: names = new Set() } = options;
  const limits = { ...defaults, ...options.limits };
  const documents = { ...documentDefaults, ...options.documents };
  let { manifest } = options;
  const metrics = routerMetrics(Object.keys(subgraphs));
  const addresses = { ...subgraphs };
  const engine = reloadable(await startEngine({ supergraphSdl, subgraphs, limits, documents, manifest, metrics, log }), limits.drainMs);
  const show = showing(log);
  const apollo = options.front === 'apollo' ? apolloServer(engine, limits, documents, metrics, log, show) : undefined;
  await apollo?.start();

  let draining = false;
  const ways = upstreams(addresses, limits, metrics);
  const who = identity(options.identity);
  const states = subgraphStates(addresses);
  const open = subscriptions({ engine, upstreams: ways, limits, metrics, show });
  const front = {
    engine,
    identity: who,
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
    await apollo?.stop();
    await engine.close();
    await tracer?.flush();
    log.info('the router is closed');
  }

  let closing: Promise<void> | undefined;
  return {
    url,
    async reload(next) {
      const made = await startEngine({ ...next, limits, documents, manifest: next.manifest ?? manifest, metrics, log });
      manifest = next.manifest ?? manifest;
      Object.assign(addresses, next.subgraphs);
      engine.replace(made);
      open.replan();
      log.info({ subgraphs: Object.keys(next.subgraphs) }, 'the router has another schema');
    },
    close() {
      closing ??= drain();
      return closing;
    },
  };
}
