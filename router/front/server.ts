import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled, ApolloServerPluginUsageReportingDisabled } from '@apollo/server/plugin/disabled';
import { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import type { RequestContext } from '../context.ts';
import type { Engine } from '../engine/engine.ts';
import { isFault, present } from '../errors.ts';
import type { Limits } from '../limits.ts';
import type { Metrics } from '../metrics.ts';

const badRequest = (code: string, message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code, http: { status: 400 } } });

/** Counts operations; gives clients errors as they may see them, and the log the faults; refuses what the gateway would answer with a 500. */
const conduct = (metrics: Metrics, log: Logger): ApolloServerPlugin<RequestContext> => ({
  async requestDidStart({ contextValue: { protocol } }) {
    const elapsed = metrics.durations.startTimer({ protocol });
    return {
      async didResolveOperation({ operation }) {
        if (!operation) throw badRequest('OPERATION_RESOLUTION_FAILURE', 'Which operation is meant is not clear: is its name right?');
        if (operation.operation === 'subscription') {
          throw badRequest('BAD_REQUEST', 'Subscriptions go over WebSocket (graphql-transport-ws) at the same address.');
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
        for (const error of errors) {
          if (isFault(error))
            log.error({ err: error, correlationId, operationName, subgraph: error.extensions?.serviceName }, 'an operation failed');
        }
        const { singleResult } = response.body;
        singleResult.errors = singleResult.errors?.map((error) => present(error, correlationId));
      },
    };
  },
});

/** Apollo Server in front of the engine: the GraphQL-over-HTTP rules, CSRF prevention, parsing and validation. */
export function apolloServer(engine: Engine, limits: Limits, metrics: Metrics, log: Logger): ApolloServer<RequestContext> {
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
    plugins: [conduct(metrics, log), ApolloServerPluginLandingPageDisabled(), ApolloServerPluginUsageReportingDisabled()],
  });
}
