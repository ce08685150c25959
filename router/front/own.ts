import type { RequestContext } from '../context.ts';
import { REFUSALS } from '../documents/refusals.ts';
import { cacheHeaders, NO_STORE } from '../engine/cache/told-policy.ts';
import type { Result } from '../engine/engine.ts';
import type { Prepared, Unprepared } from '../engine/prepare.ts';
import { badRequest } from './bad-request.ts';
import { batches } from './batch.ts';
import type { Exchange, Way } from './exchange.ts';
import type { Front } from './front.ts';
import { JSON_TYPE, mediaTypeFor, wantsMultipart } from './media-type.ts';
import { multipartSubscriptions } from './multipart.ts';
import { operations } from './operations.ts';
import { isBatch, oneOrMore, type Parameters } from './parameters.ts';
import { preventForgery } from './preflight.ts';

/** What is wrong with a well-formed request: its document, its variables. */
const WELL_FORMED = new Set<string>([
  ...['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT', 'OPERATION_RESOLUTION_FAILURE'],
  ...REFUSALS,
]);

/** As GraphQL over HTTP has it: under `application/json` a well-formed request is answered with 200, whatever is wrong with its document or variables. */
export function statusOf({ data, errors = [] }: Result, type: string): number {
  if (data !== undefined) return 200;
  if (!errors.every(({ extensions }) => WELL_FORMED.has(String(extensions?.code)))) return 500;
  return type === JSON_TYPE ? 200 : 400;
}

const textOf = ({ data, errors, extensions }: Result): string => JSON.stringify({ errors, data, extensions });

/** The client may ask what its operation costs by an extension, too. */
const asking = (context: RequestContext, { extensions }: Parameters): RequestContext =>
  extensions.cost === true ? { ...context, tellCost: true } : context;

/** GraphQL over HTTP without a framework: GET and POST, one answer. A document is read and planned once, an answer written once. */
export function ownWay(front: Front): Way {
  const { limits, metrics, persisted, show } = front;
  const carryOut = operations(front);
  const tell = multipartSubscriptions(front);
  const inBatch = batches(front, async (operation, parameters, { context }) =>
    'problems' in operation ? refused(operation, parameters.operationName, context) : answer(operation, parameters, context),
  );

  const refused = ({ problems }: Unprepared, name: string | undefined, { correlationId, watch }: RequestContext): Result => {
    watch?.answered({ type: 'none', name, errors: problems.map((problem) => problem.toJSON()) });
    metrics.requests.inc({ protocol: 'http', operation: 'none', outcome: 'refused' });
    return { errors: problems.map((problem) => show(problem, correlationId)) };
  };

  const answer = (operation: Prepared, parameters: Parameters, context: RequestContext): Promise<Result> =>
    carryOut(operation, parameters.variables, asking(context, parameters));

  /** Undefined when it has been answered already. */
  async function resultOf(parameters: Parameters, exchange: Exchange): Promise<Result | undefined> {
    const { request, context } = exchange;
    const { operationName, variables } = parameters;
    const operation = persisted.prepare(parameters);
    if ('problems' in operation) return refused(operation, operationName, context);
    if (request.method === 'GET' && operation.type !== 'query')
      throw badRequest(`A ${operation.type} needs a POST.`, { status: 405, headers: { allow: 'POST' } });
    if (operation.type === 'subscription' && wantsMultipart(request.headers.accept)) {
      await tell(operation, variables, { ...exchange, context: asking(context, parameters) });
      return undefined;
    }
    if (operation.type === 'subscription')
      throw badRequest(
        'Subscriptions go over WebSocket (graphql-transport-ws), or ask to be answered with text/event-stream or multipart/mixed.',
      );
    return answer(operation, parameters, context);
  }

  return async (exchange) => {
    const { request, response, search, context } = exchange;
    preventForgery(request.headers);
    const type = mediaTypeFor(request.headers.accept);
    const asked = await oneOrMore(request, search, limits.bodyBytes);
    const result = isBatch(asked) ? await inBatch(asked, exchange) : await resultOf(asked, exchange);
    if (result === undefined) return;
    const text = 'map' in result ? `[${result.map(textOf).join()}]` : textOf(result);
    response.writeHead('map' in result ? 200 : statusOf(result, type), {
      ...exchange.cors,
      ...('map' in result ? NO_STORE : cacheHeaders(result)),
      'content-type': `${type}; charset=utf-8`,
      'content-length': Buffer.byteLength(text),
      'x-correlation-id': context.correlationId,
    });
    response.end(text);
  };
}
