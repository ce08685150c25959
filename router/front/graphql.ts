import type { IncomingMessage, ServerResponse } from 'node:http';
import { HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import type { Actor } from '@madang/kernel/domain';
import { type RequestContext, requestContext } from '../context.ts';
import { asGraphQLError, present } from '../errors.ts';
import { jsonBody } from './body.ts';
import type { Front } from './front.ts';

/** Any page may ask: who asks is told by a header, never by a cookie. */
export const cors = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'x-correlation-id',
};

const preflight = {
  ...cors,
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers':
    'content-type, authorization, x-correlation-id, traceparent, tracestate, apollo-require-preflight, x-apollo-operation-name',
  'access-control-max-age': '86400',
};

/** Under `application/json` a well-formed request is answered with 200, whatever is wrong with its document or variables. */
const WELL_FORMED = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT', 'OPERATION_RESOLUTION_FAILURE']);

function statusOf(answer: HTTPGraphQLResponse, body: string): number {
  const status = answer.status ?? 200;
  if (status !== 400 || !answer.headers.get('content-type')?.startsWith('application/json')) return status;
  const { errors } = JSON.parse(body) as { errors?: { extensions?: { code?: string } }[] };
  return errors?.every(({ extensions }) => WELL_FORMED.has(extensions?.code ?? '')) ? 200 : status;
}

function headersOf(request: IncomingMessage): HeaderMap {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}

/** Aborts when the client hangs up before it has its answer. */
function hangUp(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}

/** Nobody waited for the answer. */
const HUNG_UP = 499;

/** The operation is over when its answer is away, or its client. */
function endWith(response: ServerResponse, { watch, correlationId }: RequestContext, actor: () => Actor): void {
  response.once('close', () => watch?.end(actor(), correlationId, response.writableFinished ? response.statusCode : HUNG_UP));
}

/** GraphQL over HTTP: POST and GET. */
export function graphqlOverHttp({ apollo, identity, tokens, limits, log, watching }: Front) {
  const refuse = (response: ServerResponse, thrown: unknown, correlationId: string): void => {
    const error = asGraphQLError(thrown);
    const { http } = error.extensions as { http?: { status?: number } };
    const status = http?.status ?? (error.extensions.code === 'TRY_AGAIN_LATER' ? 503 : 500);
    if (status === 500) log.error({ err: thrown, correlationId }, 'a request failed');
    const close = status === 413 ? { connection: 'close' } : {};
    const challenge = status === 401 ? { 'www-authenticate': 'Bearer' } : {};
    response.writeHead(status, {
      ...cors,
      ...close,
      ...challenge,
      'content-type': 'application/json; charset=utf-8',
      'x-correlation-id': correlationId,
    });
    response.end(JSON.stringify({ errors: [present(error.toJSON(), correlationId)] }));
  };

  return async (request: IncomingMessage, response: ServerResponse, search: string): Promise<void> => {
    if (request.method === 'OPTIONS') return void response.writeHead(204, preflight).end();
    const signal = hangUp(response);
    let correlationId = '';
    let known: Actor = { kind: 'anonymous' };
    try {
      const asked = requestContext('http', { kind: 'anonymous' }, request.headers, tokens, signal, watching);
      endWith(response, asked, () => known);
      correlationId = asked.correlationId;
      const { actor } = await identity.authenticate(request.headers.authorization);
      known = actor;
      const context = { ...asked, actor, token: () => tokens.issue(actor, 'router') };
      const body = request.method === 'POST' ? await jsonBody(request, limits.bodyBytes) : undefined;
      const answer = await apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: { method: request.method ?? 'GET', headers: headersOf(request), search, body },
        context: async () => context,
      });
      const text = answer.body.kind === 'complete' ? answer.body.string : '';
      response.writeHead(statusOf(answer, text), { ...cors, ...Object.fromEntries(answer.headers), 'x-correlation-id': correlationId });
      response.end(text);
    } catch (error) {
      if (!response.headersSent && !signal.aborted) refuse(response, error, correlationId);
      else response.destroy();
    }
  };
}
