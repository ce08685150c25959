import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { CloseCode, GRAPHQL_TRANSPORT_WS_PROTOCOL, handleProtocols } from 'graphql-ws';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { Front } from './front.ts';
import { keepAlive } from './keep-alive.ts';
import { Session } from './session.ts';
import { calls } from './socket-calls.ts';

/** Going away, as RFC 6455 has it: connect again. */
const GOING_AWAY = 1001;

const single = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);

/** graphql-ws (`graphql-transport-ws`) at /graphql: queries, mutations and federated subscriptions. */
export function websockets(server: Server, front: Front) {
  const { limits, metrics, log, identity } = front;
  const means = { identity, calls: calls(front), initTimeoutMs: limits.initTimeoutMs };
  const sockets = new WebSocketServer({ noServer: true, maxPayload: limits.bodyBytes, handleProtocols, clientTracking: false });
  const sessions = new Map<WebSocket, Session>();
  const pings = keepAlive(limits.keepAliveMs);

  // The same functions for all sockets: there may be many.
  const failed = (error: Error): void => log.debug({ err: error }, 'a socket failed');
  function received(this: WebSocket, data: RawData): void {
    const told = sessions.get(this)?.receive(String(data));
    told?.catch((error: unknown) => {
      log.error({ err: error }, 'a message could not be handled');
      this.close(CloseCode.InternalServerError, 'Internal server error');
    });
  }
  function closed(this: WebSocket): void {
    metrics.sockets.dec();
    pings.remove(this);
    sessions.get(this)?.close();
    sessions.delete(this);
  }

  function opened(socket: WebSocket, connection: Duplex, { headers, socket: { remoteAddress = '' } }: IncomingMessage): void {
    metrics.sockets.inc();
    pings.add(socket);
    const { authorization, traceparent } = headers;
    const session = new Session(socket, connection, { address: remoteAddress, authorization, traceparent: single(traceparent) }, means);
    sessions.set(socket, session);
    connection.on('drain', () => session.drained());
    socket.on('message', received).on('error', failed).on('close', closed);
    if (socket.protocol !== GRAPHQL_TRANSPORT_WS_PROTOCOL) socket.close(CloseCode.SubprotocolNotAcceptable, 'Subprotocol not acceptable');
  }

  server.on('upgrade', (request: IncomingMessage, connection: Duplex, head: Buffer) => {
    const { pathname } = new URL(request.url ?? '/', 'http://router');
    if (pathname !== '/graphql' || front.draining()) {
      connection.end(`HTTP/1.1 ${front.draining() ? '503 Service Unavailable' : '404 Not Found'}\r\nConnection: close\r\n\r\n`);
      return;
    }
    if (sessions.size >= limits.sockets) {
      connection.end('HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, connection, head, (socket) => opened(socket, connection, request));
  });

  return {
    /** Asks every client to go and connect again. */
    goAway(): void {
      for (const socket of sessions.keys()) socket.close(GOING_AWAY, 'Going away');
    },
    /** Ends those that have not gone. */
    terminate(): void {
      pings.stop();
      for (const socket of sessions.keys()) socket.terminate();
    },
  };
}
