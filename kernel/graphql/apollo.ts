import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { type Observer, rootFields } from './observe.ts';
import type { RequestContext } from './request-context.ts';
import { tracing } from './tracing.ts';

const watching = (observer: Observer): ApolloServerPlugin<RequestContext> => ({
  async requestDidStart() {
    const startedAt = performance.now();
    return {
      async willSendResponse({ operation, operationName, response, contextValue: { cause, span } }) {
        const errors = response.body.kind === 'single' ? response.body.singleResult.errors : undefined;
        observer.reveal(errors, cause);
        observer.done({
          type: operation?.operation ?? 'none',
          name: operationName,
          cause,
          startedAt,
          errors,
          span,
          fields: operation && rootFields(operation),
        });
      },
    };
  },
});

/**
 * An Apollo Server for internal callers: introspection, no landing page, no signal handlers, no reporting; whatever could send data elsewhere or
 * costs time per field is off, but for what a request asks for by itself.
 */
export async function apolloServer(schema: GraphQLSchema, log: Logger, observer: Observer): Promise<ApolloServer<RequestContext>> {
  const server = new ApolloServer<RequestContext>({
    schema,
    introspection: true,
    csrfPrevention: false,
    stopOnTerminationSignals: false,
    includeStacktraceInErrorResponses: false,
    nodeEnv: 'production',
    logger: log,
    formatError: (_, error) => observer.present(error),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      tracing,
      watching(observer),
    ],
  });
  await server.start();
  return server;
}
