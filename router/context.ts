import type { Actor } from '@madang/kernel/domain';
import type { InternalTokens } from '@madang/kernel/identity';
import { type Headers, trailFrom } from '@madang/kernel/observability';
import type { Watch, Watching } from './watch.ts';

export type Protocol = 'http' | 'ws' | 'sse' | 'multipart';

/** What one client operation carries on its way to the subgraphs. */
export interface RequestContext {
  readonly protocol: Protocol;
  readonly actor: Actor;
  /** The client's, when it sent a well-formed one, or a new one; the answer carries it too. */
  readonly correlationId: string;
  /** W3C trace context, with the router's own span as the parent. */
  readonly traceparent: string;
  /** Aborted when the client is gone. Only what reads is aborted, never a mutation on its way. */
  readonly signal?: AbortSignal | undefined;
  readonly watch?: Watch | undefined;
  /** The client wants to know what its operation may cost. */
  readonly tellCost?: boolean | undefined;
  /** An internal token for the subgraphs that is good for a while; asked for at every call, since a subscription outlives it. */
  token(): Promise<string>;
}

export type TokenIssuer = Pick<InternalTokens, 'issue'>;

/** Begins an operation: its trail is the client's (`x-correlation-id`, `traceparent`) continued, or a new one. */
export function requestContext(
  protocol: Protocol,
  actor: Actor,
  headers: Headers,
  tokens: TokenIssuer,
  signal?: AbortSignal,
  watching?: Watching,
): RequestContext {
  const watch = watching?.(protocol, headers);
  const { correlationId, traceparent = '' } = trailFrom(headers, watch?.traceparent);
  const tellCost = headers['x-madang-cost'] === '1';
  return { protocol, actor, correlationId, traceparent, signal, watch, tellCost, token: () => tokens.issue(actor, 'router') };
}
