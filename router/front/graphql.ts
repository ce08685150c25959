import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Actor, anonymous } from '@madang/kernel/domain';
import { type RequestContext, requestContext } from '../context.ts';
import { asGraphQLError, present } from '../errors.ts';
import { httpOf } from './bad-request.ts';
import type { Way } from './exchange.ts';
import type { Front } from './front.ts';

/** Any page may ask: who asks is told by a header, never by a cookie. */
export const cors = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'x-correlation-id',
};

const preflight = {
  ...cors,
  'access-control-allow-methods': 'GET, POST, PUT, DELETE, OPTIONS',
  'access-control-allow-headers':
    'content-type, authorization, x-correlation-id, traceparent, tracestate, apollo-require-preflight, x-apollo-operation-name, x-graphql-event-stream-token, x-madang-cost',
  'access-control-max-age': '86400',
};

/** Aborts when the client hangs up before it has its answer. */
function hangUp(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}

type Begun = Pick<RequestContext, 'correlationId' | 'watch'>;

/** Nobody waited for the answer. */
const HUNG_UP = 499;

/** The operation is over when its answer is away, or its client. To leave an answer that goes on and on is no failure. */
function endWith(response: ServerResponse, { watch, correlationId }: RequestContext, actor: () => Actor): void {
  response.once('close', () => watch?.end(actor(), correlationId, response.headersSent ? response.statusCode : HUNG_UP));
}

/** GraphQL over HTTP: who asks is found out, then it goes one of the ways. */
export function graphqlOverHttp({ identity, tokens, log, watching }: Front, way: Way) {
  const refuse = (response: ServerResponse, thrown: unknown, { correlationId, watch }: Begun): void => {
    const error = asGraphQLError(thrown);
    watch?.refused([error.toJSON()]);
    const { status = error.extensions.code === 'TRY_AGAIN_LATER' ? 503 : 500, headers } = httpOf(error) ?? {};
    if (status === 500) log.error({ err: thrown, correlationId }, 'a request failed');
    const close = status === 413 ? { connection: 'close' } : {};
    const challenge = status === 401 ? { 'www-authenticate': 'Bearer' } : {};
    response.writeHead(status, {
      ...cors,
      'cache-control': 'no-store',
      ...headers,
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
    let begun: Begun = { correlationId: '' };
    let known: Actor = anonymous;
    try {
      const asked = requestContext('http', anonymous, request.headers, tokens, signal, watching);
      begun = asked;
      endWith(response, asked, () => known);
      const principal = await identity.authenticate(request.headers.authorization);
      const { actor } = principal;
      known = actor;
      const context = { ...asked, actor, token: () => tokens.issue(actor, 'router') };
      await way({ request, response, search, principal, context });
    } catch (error) {
      if (!response.headersSent && !signal.aborted) refuse(response, error, begun);
      else response.destroy();
    }
  };
}
