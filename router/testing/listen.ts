import type { ExecutionResult, GraphQLFormattedError } from 'graphql';
import { type Client, type ClientOptions, createClient, type SubscribePayload } from 'graphql-ws';
import WebSocket from 'ws';
import { until } from './ask.ts';

type Result = ExecutionResult<Record<string, unknown>>;

/** How an operation over a WebSocket ended, if it did. */
export type End =
  | { kind: 'complete' }
  | { kind: 'errors'; errors: readonly GraphQLFormattedError[] }
  | { kind: 'closed'; code: number; reason: string };

/** A subscriber with a real client that records what it gets. */
export interface Listener {
  readonly results: Result[];
  readonly end: () => End | undefined;
  stop(): void;
  /** Resolves with the results once there are `count`. */
  got(count: number): Promise<Result[]>;
  ended(): Promise<End>;
}

/** A graphql-ws client of the router that never connects again by itself. */
export const clientOf = (url: string, options: Partial<ClientOptions> = {}): Client =>
  createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0, ...options });

export function listen(client: Client, payload: SubscribePayload): Listener {
  const results: Result[] = [];
  let end: End | undefined;
  const stop = client.subscribe<Record<string, unknown>>(payload, {
    next: (result) => void results.push(result as Result),
    complete: () => (end = { kind: 'complete' }),
    error(error) {
      if (Array.isArray(error)) end = { kind: 'errors', errors: error };
      else
        end = {
          kind: 'closed',
          code: (error as { code?: number }).code ?? 0,
          reason: (error as { reason?: string }).reason ?? String(error),
        };
    },
  });
  return {
    results,
    end: () => end,
    stop,
    async got(count) {
      await until(() => results.length >= count, `${count} results, got ${results.length}: ${JSON.stringify(end)}`);
      return results;
    },
    async ended() {
      await until(() => end !== undefined, 'the end');
      return end as End;
    },
  };
}
