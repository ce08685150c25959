import type { Broker } from '@madang/kernel/nats';
import { JetStreamApiError } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';

/** The one key: the supergraph to use. */
export const KEY = 'current';
/** How many of them the bucket remembers; the most that nats-server allows. */
const HISTORY = 64;

/** A supergraph in the bucket. */
export interface Published {
  readonly revision: number;
  readonly at: Date;
  readonly supergraphSdl: string;
}

/** The bucket of supergraphs. */
export interface Bucket {
  readonly name: string;
  /** Undefined when there is none, or it was deleted. @throws when the broker does not answer */
  current(): Promise<Published | undefined>;
  /** All that are remembered, the oldest first. */
  history(): Promise<Published[]>;
  /** @param after the revision that is replaced; 0: there is none @throws SomebodyElse when another one has been published meanwhile */
  publish(supergraphSdl: string, after: number): Promise<number>;
  /** Calls back for each one that is published from now on; ends when it hears no more. */
  heed(changed: () => void, signal: AbortSignal): Promise<void>;
}

/** Another one has been published since. */
export class SomebodyElse extends Error {
  override name = 'SomebodyElse';
}

const WRONG_LAST_SEQUENCE = new Set([10_071, 10_164]);

/** Opens the bucket, and makes it when it is not there. @param prefix NATS_PREFIX */
export async function openBucket(broker: Broker, prefix: string, bucket: string): Promise<Bucket> {
  const name = prefix === '' ? bucket : `${prefix}-${bucket}`;
  const kv = await new Kvm(broker.js).create(name, { history: HISTORY, description: "The router's supergraphs" });
  const isThere = ({ operation }: { operation: string }): boolean => operation === 'PUT';

  return {
    name,
    async current() {
      const entry = await kv.get(KEY);
      return entry && isThere(entry) ? { revision: entry.revision, at: entry.created, supergraphSdl: entry.string() } : undefined;
    },
    async history() {
      const all: Published[] = [];
      for await (const entry of await kv.history({ key: KEY }))
        if (isThere(entry)) all.push({ revision: entry.revision, at: entry.created, supergraphSdl: entry.string() });
      return all;
    },
    async publish(supergraphSdl, after) {
      const most = broker.connection.info?.max_payload ?? Number.POSITIVE_INFINITY;
      const bytes = Buffer.byteLength(supergraphSdl);
      if (bytes > most) throw new Error(`the supergraph has ${bytes} bytes, nats-server takes ${most}: raise its max_payload`);
      try {
        return after > 0 ? await kv.update(KEY, supergraphSdl, after) : await kv.create(KEY, supergraphSdl);
      } catch (error) {
        if (!(error instanceof JetStreamApiError) || !WRONG_LAST_SEQUENCE.has(error.code)) throw error;
        throw new SomebodyElse('somebody else has published meanwhile; look again', { cause: error });
      }
    },
    heed: (changed, signal) => heed(kv, changed, signal),
  };
}

async function heed(kv: KV, changed: () => void, signal: AbortSignal): Promise<void> {
  const entries = await kv.watch({ key: KEY, ignoreDeletes: true });
  const stop = () => entries.stop();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    for await (const _ of entries) changed();
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
