import type { IncomingMessage } from 'node:http';
import { ApolloServer, type ApolloServerPlugin, HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled, ApolloServerPluginUsageReportingDisabled } from '@apollo/server/plugin/disabled';
import type { Logger } from 'pino';
import type { RequestContext } from '../context.ts';
import type { Engine } from '../engine/engine.ts';
import { isFault } from '../errors.ts';
import type { Metrics } from '../metrics.ts';
import type { Limits } from '../settings/limits.ts';
import type { Show } from '../show.ts';
import { badRequest } from './bad-request.ts';
import { jsonBody } from './body.ts';
import type { Way } from './exchange.ts';

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
export function apolloServer(engine: Engine, limits: Limits, metrics: Metrics, log: Logger, show: Show): ApolloServer<RequestContext> {
  return new ApolloServer<RequestContext>({
    gateway: engine.gateway,
    csrfPrevention: true,
    introspection: true,
    nodeEnv: 'production',
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    allowBatchedHttpRequests: false,
    parseOptions: { maxTokens: limits.documentTokens },
    logger: log.child({ part: 'apollo' }, { level: 'warn' }),
    plugins: [conduct(metrics, show), ApolloServerPluginLandingPageDisabled(), ApolloServerPluginUsageReportingDisabled()],
  });
}

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

/** GraphQL over HTTP through Apollo Server, for whoever needs its plugins. It must have been started. */
export const apolloWay =
  (apollo: ApolloServer<RequestContext>, limits: Limits): Way =>
  async ({ request, response, search, context, cors }) => {
    const body = request.method === 'POST' ? await jsonBody(request, limits.bodyBytes) : undefined;
    const answer = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: request.method ?? 'GET', headers: headersOf(request), search, body },
      context: async () => context,
    });
    const text = answer.body.kind === 'complete' ? answer.body.string : '';
    response.writeHead(statusOf(answer, text), {
      ...cors,
      ...Object.fromEntries(answer.headers),
      'x-correlation-id': context.correlationId,
    });
    response.end(text);
  };
