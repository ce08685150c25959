import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Cause } from '../context/definition.ts';
import { type Actor, Refused, tryAgainLater } from '../domain/index.ts';
import { type Span, tell, traceparentIn, trailFrom } from '../observability/index.ts';
import type { Apollo } from './apollo.ts';
import { BadBody, jsonBody } from './http-body.ts';
import type { InFlight } from './in-flight.ts';
import type { Observer } from './observe.ts';
import type { plainRequests } from './plain-request.ts';
import type { RequestContext } from './request-context.ts';
import type { ServeOptions } from './serve-options.ts';
import { TRACE_HEADER } from './trace-header.ts';

export interface HandlerOptions extends Pick<ServeOptions, 'parts' | 'log' | 'metrics' | 'tracer' | 'tokens' | 'readiness'> {
  readonly plain: ReturnType<typeof plainRequests>;
  /** Carries out what is not plain. */
  readonly apollo: () => Promise<Apollo>;
  readonly observer: Observer;
  readonly inFlight: InFlight;
  readonly contextFor: (cause: Cause, span?: Span) => RequestContext;
  readonly draining: () => boolean;
}

const JSON_TYPE = 'application/json; charset=utf-8';
/** Callers of ours ask for JSON or leave it to us. */
const PLAIN_ACCEPT = new Set([undefined, '*/*', 'application/json']);
const BEARER = /^Bearer +(\S+)$/i;
/** Where a client is. Only who has an internal token is served, and of those only the router sends it. */
const CLIENT_ADDRESS = 'x-client-address';
const LONGEST_ADDRESS = 64;

const addressIn = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= LONGEST_ADDRESS ? value : undefined;

export const pathOf = (url: string | undefined): string => (url ?? '/').split('?', 1)[0] ?? '/';

function send(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Record<string, string> = { 'content-type': JSON_TYPE },
): void {
  response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers }).end(body);
}

const sendJson = (response: ServerResponse, status: number, body: unknown): void => send(response, status, JSON.stringify(body));

/** Answers /graphql, /healthz, /readyz, /metrics and the context's own routes. */
export function httpHandler(options: HandlerOptions): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { plain, apollo, observer, inFlight, contextFor, draining, parts, log, metrics, tracer, tokens, readiness } = options;
  const routes = new Map(Object.entries(parts.routes ?? {}));

  async function actorOf(request: IncomingMessage): Promise<Actor> {
    const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined)
      throw new Refused('UNAUTHENTICATED', 'This needs an internal token: only the router and other contexts are served.');
    return tokens.verify(token);
  }

  async function graphql(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST') return send(response.setHeader('allow', 'POST'), 405, '');
    if (draining()) throw tryAgainLater(1, 'This server');
    const span = tracer?.start('graphql', { kind: 'server', parent: traceparentIn(request.headers) });
    try {
      await answerTo(request, response, span);
    } catch (error) {
      tell(span, error);
      throw error;
    } finally {
      span?.end();
    }
  }

  async function answerTo(request: IncomingMessage, response: ServerResponse, span: Span | undefined): Promise<void> {
    const actor = await actorOf(request);
    const body = await jsonBody(request);
    const { headers } = request;
    const address = addressIn(headers[CLIENT_ADDRESS]);
    const contextValue = contextFor({ actor, address, ...trailFrom(headers, span?.traceparent) }, span);
    const isPlain = PLAIN_ACCEPT.has(headers.accept) && headers[TRACE_HEADER] === undefined;
    const answered = isPlain ? await plain(body, contextValue) : undefined;
    if (answered) return sendJson(response, 200, answered);
    const answer = await (await apollo()).answer(headers, body, contextValue);
    send(response, answer.status, answer.body, answer.headers);
  }

  /** What goes wrong before there is an operation. */
  function refuse(error: unknown, request: IncomingMessage, response: ServerResponse): void {
    if (response.headersSent || response.destroyed) return;
    const shown = observer.present(error);
    const { correlationId, traceparent } = trailFrom(request.headers);
    observer.reveal([shown], { correlationId, traceparent, actor: { kind: 'anonymous' } });
    if (!request.complete) response.setHeader('connection', 'close');
    sendJson(response, statusOf(error), { errors: [shown] });
  }

  async function ready(response: ServerResponse): Promise<void> {
    const reason = draining() ? 'draining' : await readiness().catch((error: unknown) => String(error));
    sendJson(response, reason === null ? 200 : 503, reason === null ? { status: 'ready' } : { status: 'not ready', reason });
  }

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request.url);
    if (path === '/graphql') return inFlight.run(() => graphql(request, response));
    if (request.method !== 'GET' && request.method !== 'HEAD') return sendJson(response, 405, { error: 'GET only' });
    if (path === '/healthz') return sendJson(response, 200, { status: 'ok' });
    if (path === '/readyz') return ready(response);
    if (path === '/metrics') return send(response, 200, await metrics.metrics(), { 'content-type': metrics.contentType });
    const own = routes.get(path);
    return own ? sendJson(response, 200, await own()) : sendJson(response, 404, { error: 'not found' });
  }

  return async (request, response) => {
    if (draining()) response.setHeader('connection', 'close');
    try {
      await route(request, response);
    } catch (error) {
      if (request.errored) log.debug({ err: error }, 'a caller went away');
      refuse(error, request, response);
    }
  };
}

function statusOf(error: unknown): number {
  if (error instanceof BadBody) return error.status;
  if (!(error instanceof Refused)) return 500;
  return error.code === 'UNAUTHENTICATED' ? 401 : 503;
}
