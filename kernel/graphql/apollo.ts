import type { IncomingHttpHeaders } from 'node:http';
import { ApolloServer, type ApolloServerPlugin, HeaderMap } from '@apollo/server';
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
import { TRACE_HEADER } from './trace-header.ts';
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

/** An answer as it goes over HTTP. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

export interface Apollo {
  answer(headers: IncomingHttpHeaders, body: unknown, contextValue: RequestContext): Promise<HttpAnswer>;
  stop(): Promise<void>;
}

/**
 * Apollo Server for internal callers: introspection, no landing page, no signal handlers, no reporting; whatever could send data elsewhere or
 * costs time per field is off, but for what a request asks for by itself.
 */
export async function startApollo(schema: GraphQLSchema, log: Logger, observer: Observer): Promise<Apollo> {
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
  return {
    async answer({ 'content-type': contentType = '', accept = 'application/json', [TRACE_HEADER]: trace }, body, contextValue) {
      const headers = new HeaderMap([
        ['content-type', contentType],
        ['accept', accept],
        ...(typeof trace === 'string' ? [[TRACE_HEADER, trace] as const] : []),
      ]);
      const answer = await server.executeHTTPGraphQLRequest({
        httpGraphQLRequest: { method: 'POST', headers, search: '', body },
        context: async () => contextValue,
      });
      if (answer.body.kind !== 'complete') throw new TypeError('answers in parts are not served');
      return { status: answer.status ?? 200, headers: Object.fromEntries(answer.headers), body: answer.body.string };
    },
    stop: () => server.stop(),
  };
}
