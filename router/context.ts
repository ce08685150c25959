import type { InternalTokens } from '@madang/kernel/identity';
import { type Headers, trailFrom } from '@madang/kernel/observability';
import type { Asker } from './engine/authorisation/rights.ts';
import type { Watch, Watching } from './watch.ts';

export type Protocol = 'http' | 'ws' | 'sse' | 'multipart';

/** Where an operation is from. */
export interface Client {
  /** The client's, as the door tells it; of IPv6 the network. Told to subgraphs. */
  readonly address: string;
  /** The client's headers that subgraphs are sent: name, value, name, value, … */
  readonly passed: readonly string[];
}

/** What one client operation carries on its way to the subgraphs. */
export interface RequestContext {
  readonly protocol: Protocol;
  readonly actor: Asker;
  /** The client's, when it sent a well-formed one, or a new one; the answer carries it too. */
  readonly correlationId: string;
  /** W3C trace context, with the router's own span as the parent. */
  readonly traceparent: string;
  /** Aborted when the client is gone. Only what reads is aborted, never a mutation on its way. */
  readonly signal?: AbortSignal | undefined;
  readonly watch?: Watch | undefined;
  readonly client?: Client | undefined;
  /** The client wants to know what its operation may cost. */
  readonly tellCost?: boolean | undefined;
  /** An internal token for the subgraphs that is good for a while; asked for at every call, since a subscription outlives it. */
  token(): Promise<string>;
}

export type TokenIssuer = Pick<InternalTokens, 'issue'>;

/** Begins an operation: its trail is the client's (`x-correlation-id`, `traceparent`) continued, or a new one. */
export function requestContext(
  protocol: Protocol,
  actor: Asker,
  headers: Headers,
  tokens: TokenIssuer,
  signal?: AbortSignal,
  watching?: Watching,
  client?: Client,
): RequestContext {
  const watch = watching?.(protocol, headers);
  const { correlationId, traceparent = '' } = trailFrom(headers, watch?.traceparent);
  const tellCost = headers['x-madang-cost'] === '1';
  return { protocol, actor, correlationId, traceparent, signal, watch, client, tellCost, token: () => tokens.issue(actor, 'router') };
}
