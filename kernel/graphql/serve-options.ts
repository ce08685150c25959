import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Clock, Parts } from '../context/definition.ts';
import type { InternalTokens } from '../identity/index.ts';
import type { Tracer } from '../observability/index.ts';
import type { SubscriptionSource } from './subscription-source.ts';

export interface ServeOptions {
  /** The context's name. */
  readonly name: string;
  /** The SDL file. */
  readonly sdl: URL;
  /** Of these: `resolvers` (the scalar DateTime is added), `loaders`, `routes`. */
  readonly parts: Pick<Parts, 'resolvers' | 'loaders' | 'routes'>;
  readonly log: Logger;
  readonly metrics: Registry;
  readonly tracer?: Tracer | undefined;
  readonly tokens: InternalTokens;
  readonly clock: Clock;
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  /** null: it can serve; otherwise the reason why not, for /readyz. */
  readonly readiness: () => Promise<string | null>;
  /** For contexts with subscriptions; closed together with the server. */
  readonly source: SubscriptionSource | null;
  /** How long `close` waits for running requests, in ms. Default 10,000. */
  readonly drainMs?: number;
}

export interface ServedSubgraph {
  /** `http://127.0.0.1:4102/graphql`; subscriptions at the same address with `ws:`. */
  readonly url: string;
  readonly port: number;
  /**
   * Drains: new operations are refused with TRY_AGAIN_LATER, /readyz says 503, running requests finish, subscriptions end with the error GOING_AWAY and
   * `resumeAfter`, sockets with close code 1001; then the port is given up.
   */
  close(): Promise<void>;
}
