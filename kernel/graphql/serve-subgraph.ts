import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Cause } from '../context/definition.ts';
import type { Span } from '../observability/index.ts';
import type { Apollo } from './apollo.ts';
import { documents } from './documents.ts';
import { httpHandler, pathOf } from './http-handler.ts';
import { InFlight } from './in-flight.ts';
import { observer } from './observe.ts';
import { Origins } from './origins.ts';
import { plainRequests } from './plain-request.ts';
import { requestContext } from './request-context.ts';
import { subgraphSchema } from './schema.ts';
import type { ServedSubgraph, ServeOptions } from './serve-options.ts';
import { wsServer } from './ws-server.ts';

/** Longer than any caller's pool keeps an unused connection, so that none is closed under a request. */
const KEEP_ALIVE_MS = 75_000;

/**
 * Serves a subgraph on one port: `POST /graphql` (1 MB at most) and graphql-ws on `/graphql`, both for holders of an internal token only; `/healthz`, `/readyz`,
 * `/metrics` and the context's own routes for anyone.
 * @throws when SDL and resolvers do not fit, or the port is taken
 */
export async function serveSubgraph(options: ServeOptions): Promise<ServedSubgraph> {
  const { name, sdl, parts, log, metrics, tracer, tokens, clock, host, port, readiness, source, drainMs = 10_000 } = options;
  const schema = await subgraphSchema(sdl, parts.resolvers);
  const watching = observer(log, metrics);
  const known = documents(schema);
  let started: Promise<Apollo> | undefined;
  const apollo = () => {
    started ??= import('./apollo.ts').then(({ startApollo }) => startApollo(schema, log, watching));
    return started;
  };
  const inFlight = new InFlight();
  const origins = tracer && new Origins();
  let draining = false;
  const shared = {
    tokens,
    tracer,
    inFlight,
    draining: () => draining,
    contextFor: (cause: Cause, span?: Span) =>
      requestContext({ cause, loaders: parts.loaders, source, now: () => clock.now(), span, origins }),
  };
  const sockets = wsServer({ schema, documents: known, observer: watching, origins, ...shared });
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS },
    httpHandler({
      plain: plainRequests({ schema, documents: known, observer: watching }),
      apollo,
      observer: watching,
      parts,
      log,
      metrics,
      readiness,
      ...shared,
    }),
  );
  server.on('upgrade', (request, socket, head) => {
    if (pathOf(request.url) === '/graphql' && !draining) sockets.upgrade(request, socket, head);
    else socket.end(`HTTP/1.1 ${draining ? '503 Service Unavailable' : '404 Not Found'}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  });
  const bound = await listen(server, host, port, name);

  async function drain(): Promise<void> {
    draining = true;
    await source?.close();
    if (!(await inFlight.idle(drainMs)))
      log.warn({ running: inFlight.running }, 'requests were still running when the time to drain was over');
    await sockets.close();
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
    await (await started)?.stop();
  }

  let closing: Promise<void> | undefined;
  return {
    url: `http://${reachable(host)}:${bound}/graphql`,
    port: bound,
    close() {
      closing ??= drain();
      return closing;
    },
  };
}

const reachable = (host: string): string => {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
};

function listen(server: Server, host: string, port: number, name: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const failed = (error: Error) => reject(new Error(`${name} cannot listen on ${host}:${port}: ${error.message}`, { cause: error }));
  server.once('error', failed);
  server.listen(port, host, () => {
    server.off('error', failed);
    resolve((server.address() as AddressInfo).port);
  });
  return promise;
}
