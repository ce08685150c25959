import type { RequestContext } from '../context.ts';
import { cacheHeaders } from '../engine/cache/told-policy.ts';
import type { Result } from '../engine/engine.ts';
import type { Unprepared } from '../engine/prepare.ts';
import { badRequest } from './bad-request.ts';
import type { Exchange, Way } from './exchange.ts';
import type { Front } from './front.ts';
import { cors } from './graphql.ts';
import { JSON_TYPE, mediaTypeFor, wantsMultipart } from './media-type.ts';
import { multipartSubscriptions } from './multipart.ts';
import { operations } from './operations.ts';
import { type Parameters, parametersOf } from './parameters.ts';
import { persistedQueries } from './persisted.ts';
import { preventForgery } from './preflight.ts';

/** What is wrong with a well-formed request: its document, its variables. */
const WELL_FORMED = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT', 'OPERATION_RESOLUTION_FAILURE']);

/** As GraphQL over HTTP has it: under `application/json` a well-formed request is answered with 200, whatever is wrong with its document or variables. */
export function statusOf({ data, errors = [] }: Result, type: string): number {
  if (data !== undefined) return 200;
  if (!errors.every(({ extensions }) => WELL_FORMED.has(String(extensions?.code)))) return 500;
  return type === JSON_TYPE ? 200 : 400;
}

/** GraphQL over HTTP without a framework: GET and POST, one answer. A document is read and planned once, an answer written once. */
export function ownWay(front: Front): Way {
  const { engine, limits, metrics, show } = front;
  const carryOut = operations(front);
  const tell = multipartSubscriptions(front);
  const documentOf = persistedQueries(limits.documents);

  const refused = ({ problems }: Unprepared, name: string | undefined, { correlationId, watch }: RequestContext): Result => {
    watch?.answered({ type: 'none', name, errors: problems.map((problem) => problem.toJSON()) });
    metrics.requests.inc({ protocol: 'http', operation: 'none', outcome: 'refused' });
    return { errors: problems.map((problem) => show(problem, correlationId)) };
  };

  /** Undefined when it has been answered already. */
  async function resultOf(parameters: Parameters, exchange: Exchange): Promise<Result | undefined> {
    const { request, context } = exchange;
    const { operationName, variables } = parameters;
    const operation = engine.prepare(documentOf(parameters), operationName);
    if ('problems' in operation) return refused(operation, operationName, context);
    if (request.method === 'GET' && operation.type !== 'query')
      throw badRequest(`A ${operation.type} needs a POST.`, { status: 405, headers: { allow: 'POST' } });
    if (operation.type === 'subscription' && wantsMultipart(request.headers.accept)) {
      await tell(operation, variables, exchange);
      return undefined;
    }
    if (operation.type === 'subscription')
      throw badRequest(
        'Subscriptions go over WebSocket (graphql-transport-ws), or ask to be answered with text/event-stream or multipart/mixed.',
      );
    return carryOut(operation, variables, context);
  }

  return async (exchange) => {
    const { request, response, search, context } = exchange;
    preventForgery(request.headers);
    const type = mediaTypeFor(request.headers.accept);
    const result = await resultOf(await parametersOf(request, search, limits.bodyBytes), exchange);
    if (result === undefined) return;
    const { data, errors, extensions } = result;
    const text = JSON.stringify({ errors, data, extensions });
    response.writeHead(statusOf(result, type), {
      ...cors,
      ...cacheHeaders(result),
      'content-type': `${type}; charset=utf-8`,
      'content-length': Buffer.byteLength(text),
      'x-correlation-id': context.correlationId,
    });
    response.end(text);
  };
}
