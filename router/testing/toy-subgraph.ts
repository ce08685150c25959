import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, parse } from 'graphql';
import { useServer as serve } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';

/** What a toy's resolvers are told. */
export interface ToyContext {
  readonly token: string | undefined;
  readonly headers: IncomingMessage['headers'];
}

export interface Toy {
  readonly name: string;
  readonly url: string;
  /** Documents that came by HTTP. */
  readonly requests: { query: string; variables: Record<string, unknown>; headers: IncomingMessage['headers'] }[];
  /** WebSockets that are open. */
  readonly sockets: () => number;
  /** Ends at once, connections cut: a crash. */
  crash(): Promise<void>;
  /** Starts (again), at the same address. */
  start(): Promise<void>;
  /** Closes WebSockets in good order, with `code`. */
  closeSockets(code: number): void;
}

type Resolvers = Record<string, Record<string, unknown>>;

const bearer = (value: string | undefined): string | undefined => value?.replace(/^Bearer /, '');

async function bodyOf(request: IncomingMessage): Promise<{ query: string; variables?: Record<string, unknown>; operationName?: string }> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString());
}

/** A subgraph for tests: GraphQL by POST and graphql-ws on plain node:http. */
export async function toySubgraph(name: string, typeDefs: string, resolvers: Resolvers): Promise<Toy> {
  const schema = buildSubgraphSchema([{ typeDefs: parse(typeDefs), resolvers: resolvers as never }]);
  const requests: Toy['requests'] = [];
  let port = 0;
  let stop: () => Promise<void> = async () => undefined;
  let clients = new Set<{ close(code: number): void }>();

  async function start(): Promise<void> {
    const server = createServer(async (request, response) => {
      if (request.method !== 'POST') return void response.writeHead(404).end();
      const { query, variables = {}, operationName } = await bodyOf(request);
      requests.push({ query, variables, headers: request.headers });
      const contextValue: ToyContext = { token: bearer(request.headers.authorization), headers: request.headers };
      const result = await graphql({ schema, source: query, variableValues: variables, operationName, contextValue });
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
    });
    const sockets = new WebSocketServer({ server });
    serve(
      {
        schema,
        context: (_, __, payload): ToyContext => ({ token: String(payload.extensions?.token), headers: {} }),
      },
      sockets,
    );
    const open = new Set<Socket>();
    server.on('connection', (socket) => {
      open.add(socket);
      socket.once('close', () => open.delete(socket));
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
    clients = sockets.clients;
    stop = async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    };
  }

  await start();
  return {
    name,
    url: `http://127.0.0.1:${port}/graphql`,
    requests,
    sockets: () => clients.size,
    crash: () => stop(),
    start,
    closeSockets(code) {
      for (const client of clients) client.close(code);
    },
  };
}
