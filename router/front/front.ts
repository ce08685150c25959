import type { ApolloServer } from '@apollo/server';
import type { Logger } from 'pino';
import type { RequestContext, TokenIssuer } from '../context.ts';
import type { Engine } from '../engine/engine.ts';
import type { Upstreams } from '../engine/upstreams.ts';
import type { SubgraphState } from '../health.ts';
import type { Identity } from '../identity.ts';
import type { Limits } from '../limits.ts';
import type { Metrics } from '../metrics.ts';
import type { Watching } from '../watch.ts';

/** What the HTTP and WebSocket fronts stand on. */
export interface Front {
  readonly engine: Engine;
  readonly apollo: ApolloServer<RequestContext>;
  readonly identity: Identity;
  readonly tokens: TokenIssuer;
  readonly upstreams: Upstreams;
  readonly limits: Limits;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly watching: Watching;
  subgraphStates(): Promise<Record<string, SubgraphState>>;
  /** True once the router is closing: it is not ready any more. */
  draining(): boolean;
}
