import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { GraphQLSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';

const HEAD_END = Buffer.from('\r\n\r\n');
const REMEMBERED = 50_000;

const responseOf = (text: string): Buffer =>
  Buffer.from(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);

/**
 * Serves GraphQL on a free port. What has been answered once is answered from memory, by as little code as possible: with node:http the subgraphs,
 * not the gateways, would be what is measured. WebSockets and bodies without a length go to node:http.
 */
export async function memoServer(schema: GraphQLSchema, answer: (body: string) => Promise<string>) {
  const known = new Map<string, Buffer>();
  let requests = 0;

  async function respond(body: string): Promise<Buffer> {
    const response = responseOf(await answer(body));
    if (known.size >= REMEMBERED) known.clear();
    known.set(body, response);
    return response;
  }

  function take(socket: Socket, body: string): void {
    requests += 1;
    const response = known.get(body);
    if (response) socket.write(response);
    else
      void respond(body).then(
        (made) => socket.write(made),
        (error: Error) => socket.destroy(error),
      );
  }

  const usual = createHttpServer(async (request, response) => {
    requests += 1;
    const body = await bodyOf(request);
    response.setHeader('content-type', 'application/json').end(await answer(body));
  });
  useServer({ schema }, new WebSocketServer({ server: usual, perMessageDeflate: false }));

  const server = createServer({ noDelay: true }, (socket) => {
    let waiting: Buffer | undefined;
    let first = true;
    socket.on('error', () => socket.destroy());
    const read = (chunk: Buffer): void => {
      if (first && !(chunk.toString('latin1', 0, 5) === 'POST ' && !/\r\ntransfer-encoding:/i.test(chunk.toString('latin1', 0, 4_096)))) {
        socket.off('data', read);
        usual.emit('connection', socket);
        socket.unshift(chunk);
        return;
      }
      first = false;
      let rest: Buffer | undefined = waiting ? Buffer.concat([waiting, chunk]) : chunk;
      while (rest) {
        const head = rest.indexOf(HEAD_END);
        if (head < 0) break;
        const length = Number(/\r\ncontent-length: *(\d+)/i.exec(rest.toString('latin1', 0, head))?.[1] ?? 0);
        const end: number = head + 4 + length;
        if (rest.length < end) break;
        take(socket, rest.toString('utf8', head + 4, end));
        rest = rest.length > end ? rest.subarray(end) : undefined;
      }
      waiting = rest;
    };
    socket.on('data', read);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    /** Requests since this was asked last. */
    taken(): number {
      const since = requests;
      requests = 0;
      return since;
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString();
}
