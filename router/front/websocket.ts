import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FormattedExecutionResult } from 'graphql';
import { CloseCode, handleProtocols, MessageType, makeServer, stringifyMessage } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Client } from '../context.ts';
import type { Front } from './front.ts';
import { keepAlive } from './keep-alive.ts';
import { pathOf } from './path.ts';
import { Session } from './session.ts';
import { calls, over } from './socket-calls.ts';

interface Connected {
  readonly request: IncomingMessage;
  readonly session: Session;
}

/** Going away, as RFC 6455 has it: connect again. */
const GOING_AWAY = 1001;

function refuseUpgrade(socket: Duplex, status: string, headers = ''): void {
  // node:http has let go of the socket: nobody else would hear that it failed.
  socket.on('error', () => undefined);
  socket.end(`HTTP/1.1 ${status}\r\n${headers}Connection: close\r\n\r\n`, () => socket.destroy());
}

/** graphql-ws (`graphql-transport-ws`) at /graphql: queries, mutations and federated subscriptions. */
export function websockets(server: Server, front: Front) {
  const { limits, metrics, log, door } = front;
  const { begin, execute, subscribe, refuse } = calls(front);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: limits.bodyBytes, handleProtocols });
  const pings = keepAlive(limits.keepAliveMs);

  const protocol = makeServer<Record<string, unknown>, Connected>({
    connectionInitWaitTimeout: limits.initTimeoutMs,
    onConnect: ({ extra: { session, request }, connectionParams }) => session.connect(connectionParams, request.headers.authorization),
    onClose: ({ extra: { session } }) => session.close(),
    onSubscribe: ({ extra: { session, request } }, id, payload) => begin(session, id, payload, request.headers),
    execute: (args) => execute(args) as never,
    subscribe: (args) => subscribe(args) as never,
    onNext: (_, __, ___, ____, result) => result as FormattedExecutionResult,
    onError: ({ extra: { session } }, id, _, errors) => refuse(session, id, errors) as never,
    onComplete({ extra: { session } }, id) {
      const call = session.calls.get(id);
      session.calls.delete(id);
      if (call) over(call);
    },
  });

  function opened(socket: WebSocket, request: IncomingMessage, client: Client, leave: () => void): void {
    metrics.sockets.inc();
    pings.add(socket);
    const session = new Session(socket, client, door);
    /** Resolves once it is out, or the socket gone: who does not read is not written to. */
    const send = (text: string): Promise<void> =>
      new Promise((resolve) => {
        if (socket.readyState === socket.OPEN) socket.send(text, () => resolve());
        else resolve();
      });
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send,
        close: (code, reason) => socket.close(code, reason),
        async onPing(payload) {
          const answer = await session.ping(payload);
          await send(stringifyMessage({ type: MessageType.Pong, ...(answer ? { payload: answer } : {}) }));
        },
        onMessage: (take) =>
          socket.on('message', (data) => {
            take(String(data)).catch((error: unknown) => {
              // Only servers say `next`, `error` and `connection_ack`.
              if (String(error).includes('Unexpected message')) return socket.close(CloseCode.BadRequest, 'Invalid message');
              log.error({ err: error }, 'a message could not be handled');
              socket.close(CloseCode.InternalServerError, 'Internal server error');
            });
          }),
      },
      { request, session },
    );
    socket.on('error', (error) => log.debug({ err: error }, 'a socket failed'));
    socket.once('close', (code, reason) => {
      metrics.sockets.dec();
      leave();
      void closed(code, String(reason));
    });
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const { origin, host } = request.headers;
    if (front.draining()) return refuseUpgrade(socket, '503 Service Unavailable');
    if (pathOf(request.url).pathname !== '/graphql') return refuseUpgrade(socket, '404 Not Found');
    if (!door.cors.mayConnect(origin, host)) return refuseUpgrade(socket, '403 Forbidden');
    if (sockets.clients.size >= limits.sockets) return refuseUpgrade(socket, '503 Service Unavailable', 'Retry-After: 10\r\n');
    const client = door.clientOf(request);
    const leave = door.enter(client);
    if (!leave) return refuseUpgrade(socket, '429 Too Many Requests', 'Retry-After: 10\r\n');
    let open = false;
    // It may never become one.
    socket.once('close', () => open || leave());
    sockets.handleUpgrade(request, socket, head, (own) => {
      open = true;
      opened(own, request, client, leave);
    });
  });

  return {
    /** Asks every client to go and connect again. */
    goAway(): void {
      for (const client of sockets.clients) client.close(GOING_AWAY, 'Going away');
    },
    /** Ends those that have not gone. */
    terminate(): void {
      pings.stop();
      for (const client of sockets.clients) client.terminate();
    },
  };
}
