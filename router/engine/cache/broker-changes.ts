import { randomUUID } from 'node:crypto';
import type { Broker } from '@madang/kernel/nats';
import type { Logger } from 'pino';
import type { Change, Changes, Listener } from './changes.ts';

/** How often it is asked whether the broker is still there; an answer that is not there by the next time is none. */
const BEAT_MS = 1_000;
/** What routers tell each other, beside the contexts' events. */
const TOLD = 'routers.changed';

interface Told extends Change {
  readonly from: string;
}

/**
 * Hears of events as their contexts publish them, and of what other routers tell. While the broker is away, or has not answered for two seconds, changes are not
 * heard of, and listeners are told so: what happens meanwhile is not made up for.
 */
export function brokerChanges(opening: Promise<Broker>, log: Logger): Changes {
  const self = randomUUID();
  const listeners = new Set<Listener>();
  const contexts = new Set<string>();
  let broker: Broker | undefined;
  let hearing = false;
  let asking = false;
  let closed = false;
  let beats: NodeJS.Timeout | undefined;

  function hear(on: boolean): void {
    if (hearing === on || closed) return;
    hearing = on;
    for (const listener of listeners) listener.hearing(on);
  }

  const told = (change: Change): void => {
    for (const listener of listeners) if (listener.subgraphs.includes(change.subgraph)) listener.changed(change);
  };

  function listenTo(context: string): void {
    if (!broker || contexts.has(context)) return;
    contexts.add(context);
    const { connection, names } = broker;
    connection.subscribe(names.subjects(context), {
      callback(_, { subject }) {
        const [subgraph = '', aggregate = '', , ...key] = names.bare(subject).split('.');
        told({ subgraph, what: { aggregate }, key: key.join('.') });
      },
    });
  }

  /** What has been asked of the broker before its answer is done: from then on its subscriptions are there. */
  function ask(): void {
    if (!broker || closed) return;
    if (asking) {
      hear(false);
      return;
    }
    asking = true;
    broker.connection.flush().then(
      () => {
        asking = false;
        hear(true);
      },
      () => {
        asking = false;
        hear(false);
      },
    );
  }

  async function watch({ connection }: Broker): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect') hear(false);
      if (type === 'reconnect') ask();
    }
    hear(false);
  }

  opening.then(
    (open) => {
      if (closed) return;
      broker = open;
      for (const { subgraphs } of listeners) for (const context of subgraphs) listenTo(context);
      const { connection, names } = open;
      connection.subscribe(names.subject(TOLD), {
        callback(_, message) {
          const { from, ...change } = message.json<Told>();
          if (from !== self) told(change);
        },
      });
      void watch(open);
      ask();
      beats = setInterval(ask, BEAT_MS).unref();
    },
    (error: unknown) => log.warn({ err: error }, 'events are not heard of: nothing is kept of what they may change'),
  );

  return {
    heardOf: true,
    join(listener) {
      listeners.add(listener);
      const isNew = listener.subgraphs.some((context) => !contexts.has(context));
      for (const context of listener.subgraphs) listenTo(context);
      if (hearing && isNew && broker) {
        broker.connection.flush().then(
          () => listeners.has(listener) && listener.hearing(hearing),
          () => undefined,
        );
      } else if (hearing) listener.hearing(true);
      return () => void listeners.delete(listener);
    },
    tell(change) {
      if (broker && !broker.connection.isClosed()) {
        const { connection, names } = broker;
        connection.publish(names.subject(TOLD), JSON.stringify({ ...change, from: self } satisfies Told));
      }
    },
    close() {
      closed = true;
      clearInterval(beats);
      listeners.clear();
    },
  };
}
