import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { type EventDefinition, type Received, service, tryAgainLater } from '../domain/index.ts';
import { type SubscriptionSource, subscriptionSource } from '../graphql/index.ts';
import { Broker, decode, eventNameOf, type Handler, InvalidEvent, type Message, Reader, Relay } from '../nats/index.ts';
import { following, inSpan, type Tracer } from '../observability/index.ts';
import type { Database } from '../prisma/index.ts';
import type { KernelConfig } from './config.ts';
import type { Cause, Reaction } from './definition.ts';
import { unused } from './execute.ts';
import { isOutage } from './outage.ts';
import { Settled } from './settled.ts';

export interface MessagingOptions {
  readonly context: string;
  readonly config: KernelConfig;
  readonly db: Database;
  /** What the context publishes, by name. */
  readonly events: ReadonlyMap<string, EventDefinition>;
  readonly reactions: readonly Reaction[];
  readonly concurrency: number | undefined;
  readonly log: Logger;
  readonly metrics: Registry;
  readonly tracer: Tracer | undefined;
}

export interface Messaging {
  /** For subscriptions: refuses with TRY_AGAIN_LATER as long as the broker has never been reached. */
  readonly source: SubscriptionSource;
  /** Takes no further events and finishes those in flight. */
  finishEvents(drainMs: number): Promise<void>;
  /** Publishes what is committed and leaves the broker. */
  close(drainMs: number): Promise<void>;
}

/** Relay, reader and subscription source of a context, as soon as the broker can be reached; nothing waits for it. */
export function startMessaging(options: MessagingOptions): Messaging {
  const { context, config, db, events, reactions, concurrency, log, metrics, tracer } = options;
  const giveUp = new AbortController();
  const settled = new Settled(db);
  let live: SubscriptionSource | null = null;

  async function begin() {
    const { NATS_URL: url, NATS_PREFIX: prefix, NATS_REPLICAS: replicas } = config;
    const broker = await Broker.open({ url, prefix, name: `madang ${context}`, replicas, log }, giveUp.signal);
    const relay = new Relay({ context, db, broker, log, metrics, tracer });
    const handlers = reactions.map((reaction) => handlerOf(reaction, settled, context, tracer));
    const reader = new Reader({ context, broker, db, handlers, concurrency, log, metrics, isOutage });
    const own = (message: Message) => {
      const bare = broker.names.bare(message.subject);
      const event = events.get(eventNameOf(bare));
      try {
        return event ? decode(message, bare, event) : null;
      } catch (error) {
        if (error instanceof InvalidEvent) return null;
        throw error;
      }
    };
    live = subscriptionSource({ connection: broker.connection, stream: broker.names.stream(context), decode: own, log, metrics });
    relay.start();
    reader.start();
    return { broker, relay, reader };
  }

  const started = begin().catch((error: unknown) => {
    if (!giveUp.signal.aborted) log.error({ err: error }, 'messaging could not be started');
    return null;
  });

  return {
    source: {
      async open(subscription) {
        if (!live) throw tryAgainLater(2, 'Subscribing');
        return live.open(subscription);
      },
      async close() {
        await live?.close();
      },
    },
    async finishEvents(drainMs) {
      giveUp.abort();
      await (await started)?.reader.stop(drainMs);
    },
    async close(drainMs) {
      giveUp.abort();
      const parts = await started;
      await parts?.relay.stop(drainMs);
      await live?.close();
      await parts?.broker.close();
    },
  };
}

function handlerOf(reaction: Reaction, settled: Settled, context: string, tracer: Tracer | undefined): Handler {
  return {
    name: reaction.name,
    when: reaction.when,
    handle: (event) => {
      const attributes = { 'madang.handler': reaction.name, 'madang.event': event.name, 'madang.event_id': event.id };
      const start = { kind: 'consumer', ...following(event), attributes } as const;
      return inSpan(tracer, `react ${reaction.name}`, start, (span) => carryOut(event, span?.traceparent ?? event.traceparent));
    },
  };

  async function carryOut(event: Received, traceparent: string | undefined): Promise<void> {
    const cause: Cause = {
      actor: service(context),
      correlationId: event.correlationId,
      causationId: event.id,
      traceparent,
      inbox: { eventId: event.id, handler: reaction.name },
    };
    await reaction.handle(event as never, cause);
    if (unused(cause)) await settled.add(event.id, reaction.name);
  }
}
