import type { ApolloServerPlugin } from '@apollo/server';
import { TRACE_HEADER } from './trace-header.ts';

let plugin: Promise<ApolloServerPlugin> | undefined;

/**
 * Federated tracing (`extensions.ftv1`) for requests that ask for it with `apollo-federation-include-trace: ftv1`. Others pay nothing: the code is loaded
 * with the first that does.
 */
export const tracing: ApolloServerPlugin = {
  async requestDidStart(context) {
    if (context.request.http?.headers.get(TRACE_HEADER) !== 'ftv1') return undefined;
    plugin ??= import('@apollo/server/plugin/inlineTrace').then(({ ApolloServerPluginInlineTrace }) => ApolloServerPluginInlineTrace());
    return (await plugin).requestDidStart?.(context);
  },
};
