import type { Registry } from 'prom-client';
import { type Received, Refused, tryAgainLater } from '../domain/index.ts';
import { FanOut } from './fan-out.ts';
import { type Position, positionFrom } from './position.ts';
import type { Progressing } from './progress.ts';
import { placeIn } from './stream-place.ts';
import { managerOf, type StreamReaderOptions } from './stream-reader.ts';
import { Subscriber } from './subscriber.ts';
import { subscriptionMetrics } from './subscription-metrics.ts';

/** `connection` is to reconnect for ever (`maxReconnectAttempts: -1`) and stays the caller's; `stream` is the context's own, with its prefix. */
export interface SubscriptionSourceOptions extends StreamReaderOptions {
  readonly metrics: Registry;
  /** How many events a subscriber may lag behind, once it is live. Default 256. */
  readonly queueSize?: number;
  /** How long the consumer is kept after the last subscriber left, in ms. Default 5,000. */
  readonly lingerMs?: number;
  /** How long `open` waits for the broker before it refuses with TRY_AGAIN_LATER, in ms. Default 5,000. */
  readonly startTimeoutMs?: number;
  /** How often a subscription without events that is asked where it is says so, in ms. Default 30,000. */
  readonly progressMs?: number;
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
  open<Payload>(options: OpenOptions<Payload>): Promise<Progressing<Payload>>;
  /** Ends every subscription with GOING_AWAY. */
  close(): Promise<void>;
}

/** Makes the source of a context; nothing is read before the first `open`. */
export function subscriptionSource(options: SubscriptionSourceOptions): SubscriptionSource {
  const { connection, stream, log, queueSize = 256, lingerMs = 5_000, startTimeoutMs = 5_000, progressMs = 30_000 } = options;
  const metrics = subscriptionMetrics(options.metrics);
  const fanOut = new FanOut(options, { lingerMs, delivered: () => metrics.events.inc() });
  const subscribers = new Set<Subscriber<unknown>>();
  let closed = false;
  const telling = setInterval(() => {
    const { last } = fanOut;
    if (last) for (const subscriber of subscribers) subscriber.reached(last);
  }, progressMs).unref();
  void restartOnReconnect();

  async function restartOnReconnect(): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type === 'close') close();
      if (type !== 'reconnect') continue;
      fanOut.restart();
      for (const subscriber of subscribers) subscriber.restart();
    }
  }

  function close(): void {
    closed = true;
    clearInterval(telling);
    for (const subscriber of subscribers) subscriber.goAway();
    fanOut.close();
  }

  async function place(position: Position | null) {
    return placeIn(await managerOf(connection), stream, position);
  }

  async function begin(subscriber: Subscriber<unknown>, from: Position | null, since: Date): Promise<void> {
    await fanOut.start();
    if (from === null) {
      fanOut.add(subscriber);
      subscriber.beginAt({ ...(await place(null)), time: since.getTime() });
      return;
    }
    const { lost, ...at } = await place(from);
    if (!lost && fanOut.join(subscriber, at)) subscriber.beginAt(at);
    else await subscriber.replay();
  }

  return {
    async open({ types, after, since = new Date(), when, as }) {
      if (closed) throw new Refused('GOING_AWAY', 'This server stops; subscribe again.', { retryAfterSeconds: 1 });
      const from = after === undefined ? null : positionFrom(stream, after);
      const nowhere = { epoch: '', sequence: 0, time: since.getTime(), eventId: '' };
      const subscriber = new Subscriber(options, from ?? nowhere, {
        types,
        queueSize,
        when,
        as,
        join: (one, at) => fanOut.join(one, at),
        leave(one, why) {
          subscribers.delete(one);
          fanOut.remove(one);
          metrics.subscribers.set(subscribers.size);
          metrics.ended.inc({ why });
        },
      });
      subscribers.add(subscriber);
      metrics.subscribers.set(subscribers.size);
      try {
        await inTime(begin(subscriber, from, since), startTimeoutMs);
      } catch (error) {
        log.warn({ err: error, stream }, 'a subscription could not begin');
        subscriber.leave();
        throw tryAgainLater(2, 'Subscribing');
      }
      return subscriber.events();
    },

    async close() {
      close();
    },
  };
}

function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`the broker did not answer within ${ms} ms`)), ms);
  return Promise.race([work, promise]).finally(() => clearTimeout(timer));
}
