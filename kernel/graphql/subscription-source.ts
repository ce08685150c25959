import type { JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Received } from '../domain/index.ts';

export interface SubscriptionSourceOptions {
  /** Stays the caller's; it is to reconnect for ever (`maxReconnectAttempts: -1`). */
  readonly connection: NatsConnection;
  /** The context's own stream, with its prefix. */
  readonly stream: string;
  /** An event from its message; null for what is none of ours. What it throws is logged, and the message skipped. */
  readonly decode: (message: JsMsg) => Received | null;
  readonly log: Logger;
  readonly metrics: Registry;
  /** How many events a subscriber may lag behind, once it is live. Default 256. */
  readonly queueSize?: number;
  /** How long the consumer is kept after the last subscriber left, in ms. Default 5,000. */
  readonly lingerMs?: number;
  /** How long `open` waits for the broker before it refuses with TRY_AGAIN_LATER, in ms. Default 5,000. */
  readonly startTimeoutMs?: number;
}

export interface OpenOptions<Payload> {
  /** Names of events: `DeliveryStarted`. */
  readonly types: ReadonlySet<string>;
  /** A cursor that `as` was given: replays what came after it, then goes on live; no gap, no duplicate, in the stream's order. */
  readonly after?: string | undefined;
  /** The context's now. Default: the machine's. */
  readonly since?: Date | undefined;
  /** Whether the subscriber may see the event and asked for it. */
  when(event: Received): boolean;
  /** The payload; the cursor says "after this event". */
  as(event: Received, cursor: string): Payload;
}

/**
 * A context's events for its subscribers: one consumer on the context's stream per process, started with the first subscriber, fanned out in memory.
 * It survives a broker's restart and a lost connection; subscribers notice a delay at most.
 */
export interface SubscriptionSource {
  /**
   * Resolves once events are really watched.
   * The iterator throws `Refused` SLOW_CONSUMER when its reader lags too far behind, GOING_AWAY when the source is closed; both with `resumeAfter`, the
   * cursor to go on with.
   * @throws Refused BAD_INPUT (`after`), TRY_AGAIN_LATER while the broker is away, GOING_AWAY once closed
   */
  open<Payload>(options: OpenOptions<Payload>): Promise<AsyncIterableIterator<Payload>>;
  /** Ends every subscription with GOING_AWAY. */
  close(): Promise<void>;
}
