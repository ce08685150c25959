import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { refuseBroken } from '../door/broken-requests.ts';
import type { Way } from './exchange.ts';
import type { Front } from './front.ts';
import { graphiql } from './graphiql.ts';
import { graphqlOverHttp } from './graphql.ts';
import { pathOf } from './path.ts';

const json = (response: ServerResponse, status: number, body: unknown): void =>
  void response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
    .end(JSON.stringify(body));

/** Every path of the router, as an HTTP server that does not listen yet. */
export function httpServer(front: Front, way: Way): Server {
  const graphql = graphqlOverHttp(front, way);
  const page = front.documents.graphiql === 'off' ? async () => false : graphiql();

  async function ready(response: ServerResponse): Promise<void> {
    const subgraphs = await front.subgraphStates();
    const reachable = Object.values(subgraphs).some((state) => state !== 'unreachable');
    const reason = front.draining() ? 'closing' : reachable ? undefined : 'no subgraph can be reached';
    json(response, reason ? 503 : 200, { ready: !reason, ...(reason ? { reason } : {}), subgraphs, supergraph: front.supergraph() });
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (front.draining()) response.setHeader('connection', 'close');
    if (request.url === '/graphql') return graphql(request, response, '');
    const { pathname, search } = pathOf(request.url);
    if (pathname === '/graphql') return graphql(request, response, search);
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return json(response, 405, { error: 'Only GET here; GraphQL is at /graphql.' });
    if (pathname === '/healthz') return json(response, 200, { healthy: true });
    if (pathname === '/readyz') return ready(response);
    if (pathname === '/metrics') {
      const { registry } = front.metrics;
      return void response.writeHead(200, { 'content-type': registry.contentType }).end(await registry.metrics());
    }
    if (await page(pathname, response)) return;
    json(response, 404, { error: 'Not here. GraphQL is at /graphql, a client for it at /.' });
  }

  const server = createServer(front.door.server, (request, response) => {
    response.once('close', () => front.draining() && setImmediate(() => server.closeIdleConnections()));
    respond(request, response).catch((error: unknown) => {
      front.log.error({ err: error }, 'a request failed');
      if (response.headersSent) response.destroy();
      else json(response, 500, { error: 'Internal error' });
    });
  });
  server.on('clientError', refuseBroken);
  return server;
}
