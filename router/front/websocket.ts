import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FormattedExecutionResult } from 'graphql';
import { type Extra, useServer as serve } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { asGraphQLError, unauthenticated } from '../errors.ts';
import type { Identity, Principal } from '../identity.ts';
import type { Front } from './front.ts';
import { type Call, calls, over } from './socket-calls.ts';

/** What the router knows of a client's socket. */
export interface Session {
  principal?: Principal;
  expiry?: NodeJS.Timeout;
  readonly calls: Map<string, Call>;
}

type Own = { session: Session };
type Client = Extra & Partial<Own>;

/** Close codes of ours: the token is not valid, or has expired; connect again with a fresh one. */
export const UNAUTHENTICATED = 4401;
/** Going away, as RFC 6455 has it: connect again. */
const GOING_AWAY = 1001;
/** Milliseconds between the errors of the subscriptions that end with a token and the close of the socket. */
const LAST_WORDS_MS = 250;
const LONGEST_TIMER = 2 ** 31 - 1;

const credentials = (params: Readonly<Record<string, unknown>> | undefined, request: IncomingMessage): string | undefined => {
  const given = params?.authorization ?? params?.Authorization;
  return typeof given === 'string' ? given : request.headers.authorization;
};

/** Ends what runs on a socket with UNAUTHENTICATED when its token expires, then closes it. */
function expireWith(session: Session, socket: WebSocket): void {
  const expiresAt = session.principal?.expiresAt;
  if (expiresAt === undefined) return;
  const left = expiresAt - Date.now();
  if (left > LONGEST_TIMER) session.expiry = setTimeout(() => expireWith(session, socket), LONGEST_TIMER);
  else session.expiry = setTimeout(expire, Math.max(left, 0));

  function expire(): void {
    for (const call of session.calls.values())
      call.subscription?.fail(() => unauthenticated('The token has expired: sign in again.'), true);
    setTimeout(() => socket.close(UNAUTHENTICATED, 'The token has expired'), LAST_WORDS_MS).unref();
  }
}

async function connect(identity: Identity, { socket, request, session }: Client, params: Readonly<Record<string, unknown>> | undefined) {
  if (!session) return false;
  try {
    session.principal = await identity.authenticate(credentials(params, request));
  } catch (error) {
    const { message, extensions } = asGraphQLError(error);
    const code = extensions.code === 'UNAUTHENTICATED' ? UNAUTHENTICATED : 1013;
    socket.close(code, `${extensions.code}: ${message}`.slice(0, 100));
    return false;
  }
  expireWith(session, socket);
  return true;
}

/** graphql-ws (`graphql-transport-ws`) at /graphql: queries, mutations and federated subscriptions. */
export function websockets(server: Server, front: Front) {
  const { limits, metrics, log, identity } = front;
  const { begin, execute, subscribe, refuse } = calls(front);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: limits.bodyBytes });

  sockets.on('connection', (socket) => {
    metrics.sockets.inc();
    socket.on('error', (error) => log.debug({ err: error }, 'a socket failed'));
    socket.once('close', () => metrics.sockets.dec());
  });
  serve<Record<string, unknown>, Own>(
    {
      isProd: true,
      connectionInitWaitTimeout: limits.initTimeoutMs,
      onConnect({ extra, connectionParams }) {
        extra.session = { calls: new Map() };
        return connect(identity, extra, connectionParams);
      },
      onDisconnect({ extra: { session } }) {
        clearTimeout(session?.expiry);
        for (const call of session?.calls.values() ?? []) {
          call.abort.abort();
          over(call);
        }
      },
      onSubscribe: ({ extra: { session, request } }, id, payload) => begin(session, id, payload, request.headers),
      execute: (args) => execute(args) as never,
      subscribe: (args) => subscribe(args) as never,
      onNext: (_, __, ___, ____, result) => result as FormattedExecutionResult,
      onError: ({ extra: { session } }, id, _, errors) => refuse(session, id, errors) as never,
      onComplete({ extra: { session } }, id) {
        const call = session?.calls.get(id);
        session?.calls.delete(id);
        if (call) over(call);
      },
    },
    sockets,
    limits.keepAliveMs,
  );

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const { pathname } = new URL(request.url ?? '/', 'http://router');
    if (pathname !== '/graphql' || front.draining()) {
      socket.end(`HTTP/1.1 ${front.draining() ? '503 Service Unavailable' : '404 Not Found'}\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request));
  });

  return {
    /** Asks every client to go and connect again. */
    goAway(): void {
      for (const client of sockets.clients) client.close(GOING_AWAY, 'Going away');
    },
    /** Ends those that have not gone. */
    terminate(): void {
      for (const client of sockets.clients) client.terminate();
    },
  };
}
