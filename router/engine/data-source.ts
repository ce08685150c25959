import type { GraphQLDataSource } from '@apollo/gateway';
import type { GatewayGraphQLResponse } from '@apollo/server-gateway-interface';
import type { GraphQLFormattedError } from 'graphql';
import type { RequestContext } from '../context.ts';
import type { Variables } from './engine.ts';
import { NoAnswer, type Transport } from './transport.ts';
import { askedFor, unanswered } from './unanswered.ts';

const RETRY_AFTER_SECONDS = 2;
const BUSY = new Set([429, 502, 503, 504]);

type Request = { readonly query: string; readonly variables: Variables };

function answerOf(text: string): GatewayGraphQLResponse | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer !== 'object' || answer === null || !('data' in answer || 'errors' in answer)) return undefined;
    return answer as GatewayGraphQLResponse;
  } catch {
    return undefined;
  }
}

/** An error about the whole request gets the path of what was asked for first. */
function withPaths(answer: GatewayGraphQLResponse, { query, variables }: Request): GatewayGraphQLResponse {
  if (!answer.errors || answer.data || answer.errors.every((error) => error.path)) return answer;
  const path = askedFor(query, variables)[0]?.path;
  return { ...answer, errors: answer.errors.map((error) => (error.path || !path ? error : { ...error, path })) };
}

const fault = (status: number, text: string): GraphQLFormattedError => ({
  message: `HTTP ${status}: ${text.slice(0, 200)}`,
  extensions: { code: 'INTERNAL_SERVER_ERROR' },
});

/** What the gateway's executor asks for one subgraph's part of an operation. */
export function dataSource(transport: Transport): GraphQLDataSource {
  return {
    async process({ request: { query = '', variables = {}, operationName }, context }) {
      const request = { query, variables };
      const mutation = query.startsWith('mutation');
      const body = JSON.stringify({ query, variables, ...(operationName ? { operationName } : {}) });
      const missing = (unknown: boolean, after: number) => ({ data: null, errors: unanswered(query, variables, unknown, after) });
      try {
        const { status, text, retryAfter } = await transport.send(body, context as RequestContext, !mutation);
        const answer = answerOf(text);
        if (BUSY.has(status) && !answer?.data) {
          const { code, retryAfterSeconds } = answer?.errors?.[0]?.extensions ?? {};
          return missing(mutation && code !== 'TRY_AGAIN_LATER', Number(retryAfterSeconds ?? retryAfter) || RETRY_AFTER_SECONDS);
        }
        // A 401 is about the router's own token.
        if (answer && status !== 401) return withPaths(answer, request);
        return withPaths({ errors: [fault(status, text)] }, request);
      } catch (error) {
        if (error instanceof NoAnswer) return missing(mutation && error.sent, RETRY_AFTER_SECONDS);
        throw error;
      }
    },
  };
}
