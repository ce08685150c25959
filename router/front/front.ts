import type { Logger } from 'pino';
import type { TokenIssuer } from '../context.ts';
import type { Door } from '../door/door.ts';
import type { Engine } from '../engine/engine.ts';
import type { Subscriptions } from '../engine/subscriptions/subscriptions.ts';
import type { SubgraphState } from '../health.ts';
import type { Metrics } from '../metrics.ts';
import type { DocumentSettings } from '../settings/documents.ts';
import type { Limits } from '../settings/limits.ts';
import type { Show } from '../show.ts';
import type { Editions } from '../supergraph/edition.ts';
import type { Watching } from '../watch.ts';
import type { PersistedDocuments } from './persisted.ts';

/** What the HTTP and WebSocket fronts stand on. */
export interface Front {
  readonly engine: Engine;
  readonly door: Door;
  readonly tokens: TokenIssuer;
  readonly subscriptions: Subscriptions;
  readonly limits: Limits;
  readonly documents: DocumentSettings;
  /** Finds the document that a request means, and prepares it. */
  readonly persisted: PersistedDocuments;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly show: Show;
  readonly watching: Watching;
  /** How each answer that goes on and on is ended when the router closes. */
  readonly streams: Set<() => void>;
  subgraphStates(): Promise<Record<string, SubgraphState>>;
  /** The supergraph in use, and the one that was refused last. */
  supergraph(): Editions;
  /** True once the router is closing: it is not ready any more. */
  draining(): boolean;
}
