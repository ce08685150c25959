import type { IncomingMessage } from 'node:http';
import { ApolloServer, type ApolloServerPlugin, HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled, ApolloServerPluginUsageReportingDisabled } from '@apollo/server/plugin/disabled';
import type { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import type { RequestContext } from '../context.ts';
import { isRefusal, REFUSALS } from '../documents/refusals.ts';
import type { Engine } from '../engine/engine.ts';
import { isFault } from '../errors.ts';
import type { Metrics } from '../metrics.ts';
import type { DocumentSettings } from '../settings/documents.ts';
import type { Limits } from '../settings/limits.ts';
import type { Show } from '../show.ts';
import { badRequest, batchingDisabled } from './bad-request.ts';
import { jsonBody } from './body.ts';
import type { Exchange, Way } from './exchange.ts';
import type { Front } from './front.ts';
import { JSON_TYPE, mediaTypeFor } from './media-type.ts';
import { fromBody, fromSearch, type Parameters } from './parameters.ts';

/** Counts operations; gives clients errors as they may see them, and the log the faults; refuses what the gateway would answer with a 500. */
const conduct = (metrics: Metrics, show: Show): ApolloServerPlugin<RequestContext> => ({
  async requestDidStart({ contextValue: { protocol } }) {
    const elapsed = metrics.durations.startTimer({ protocol });
    return {
      async didResolveOperation({ operation }) {
        if (!operation) throw badRequest('Which operation is meant is not clear: is its name right?', {}, 'OPERATION_RESOLUTION_FAILURE');
        if (operation.operation === 'subscription') {
          throw badRequest(
            'Subscriptions go over WebSocket (graphql-transport-ws), or ask to be answered with text/event-stream or multipart/mixed.',
          );
        }
      },
      async willSendResponse({
        response,
        contextValue: { correlationId, watch },
        operation: { operation } = { operation: 'none' },
        operationName,
        errors = [],
      }) {
        elapsed({ operation });
        watch?.answered({ type: operation, name: operationName, errors });
        metrics.requests.inc({ protocol, operation, outcome: errors.length === 0 ? 'ok' : errors.some(isFault) ? 'fault' : 'refused' });
        if (response.body.kind !== 'single' || !response.body.singleResult.errors) return;
        const { singleResult } = response.body;
        singleResult.errors = singleResult.errors?.map((error) => show(error, correlationId, operationName ?? undefined));
      },
    };
  },
});

/** Apollo Server in front of the engine: the GraphQL-over-HTTP rules, CSRF prevention, parsing and validation. */
export function apolloServer(
  engine: Engine,
  limits: Limits,
  documents: DocumentSettings,
  metrics: Metrics,
  log: Logger,
  show: Show,
): ApolloServer<RequestContext> {
  return new ApolloServer<RequestContext>({
    gateway: engine.gateway,
    csrfPrevention: true,
    introspection: true,
    nodeEnv: 'production',
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    allowBatchedHttpRequests: false,
    // Which document is meant is found out before, and whether it may be.
    persistedQueries: false,
    parseOptions: { maxTokens: limits.documentTokens },
    validationOptions: { maxErrors: documents.validationErrors, hideSuggestions: documents.suggestions === 'off' },
    logger: log.child({ part: 'apollo' }, { level: 'warn' }),
    plugins: [conduct(metrics, show), ApolloServerPluginLandingPageDisabled(), ApolloServerPluginUsageReportingDisabled()],
  });
}

/** Under `application/json` a well-formed request is answered with 200, whatever is wrong with its document or variables. */
const WELL_FORMED = new Set<string>([
  ...['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT', 'OPERATION_RESOLUTION_FAILURE'],
  ...REFUSALS,
]);

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

/** What is asked, with the text of the document that is meant, as Apollo Server reads it; nothing where it is to say what is wrong. */
function spelledOut({ documentId: _, extensions: { persistedQuery: __, ...extensions }, ...asked }: Parameters, query: string) {
  const body = { ...asked, query, extensions };
  const given = Object.entries(body).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams();
  for (const [name, value] of given) search.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  return { body: Object.fromEntries(given), search: `?${search}` };
}

function parametersIn({ method }: IncomingMessage, body: unknown, search: string): Parameters | undefined {
  if (method !== 'POST' && method !== 'GET') return undefined;
  try {
    return body === undefined ? fromSearch(search) : fromBody(body);
  } catch {
    return undefined;
  }
}

/** GraphQL over HTTP through Apollo Server, for whoever needs its plugins. It must have been started. It gets no document that is refused for what it is. */
export function apolloWay(apollo: ApolloServer<RequestContext>, front: Pick<Front, 'limits' | 'metrics' | 'persisted' | 'show'>): Way {
  const { limits, metrics, persisted, show } = front;

  function refuse({ request, response, context, cors }: Exchange, problems: readonly GraphQLError[], name: string | undefined): void {
    const type = mediaTypeFor(request.headers.accept);
    context.watch?.answered({ type: 'none', name, errors: problems.map((problem) => problem.toJSON()) });
    metrics.requests.inc({ protocol: 'http', operation: 'none', outcome: 'refused' });
    response
      .writeHead(type === JSON_TYPE ? 200 : 400, {
        ...cors,
        'cache-control': 'no-store',
        'content-type': `${type}; charset=utf-8`,
        'x-correlation-id': context.correlationId,
      })
      .end(JSON.stringify({ errors: problems.map((problem) => show(problem, context.correlationId)) }));
  }

  return async (exchange) => {
    const { request, response, search, context, cors } = exchange;
    const body = request.method === 'POST' ? await jsonBody(request, limits.bodyBytes) : undefined;
    if (Array.isArray(body)) throw batchingDisabled();
    const asked = parametersIn(request, body, search);
    const operation = asked && persisted.prepare(asked);
    if (operation && 'problems' in operation && operation.problems.some(isRefusal))
      return refuse(exchange, operation.problems, asked.operationName);
    const isSent = !asked || (asked.query !== undefined && !asked.extensions.persistedQuery);
    const answer = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: request.method ?? 'GET',
        headers: headersOf(request),
        ...(isSent ? { body, search } : spelledOut(asked, persisted.textOf(asked))),
      },
      context: async () => (asked?.extensions.cost === true ? { ...context, tellCost: true } : context),
    });
    const text = answer.body.kind === 'complete' ? answer.body.string : '';
    response.writeHead(statusOf(answer, text), {
      ...cors,
      ...Object.fromEntries(answer.headers),
      'x-correlation-id': context.correlationId,
    });
    response.end(text);
  };
}
