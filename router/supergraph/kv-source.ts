import { setTimeout as pause } from 'node:timers/promises';
import type { Broker } from '@madang/kernel/nats';
import type { Logger } from 'pino';
import { type Bucket, openBucket } from './bucket.ts';
import type { Source } from './source.ts';

export interface KvSourceOptions {
  readonly broker: Promise<Broker>;
  readonly prefix: string;
  readonly bucket: string;
  readonly log: Logger;
}

/** Between two tries to hear of what is published. */
const AGAIN_MS = 500;

/**
 * A supergraph in a bucket on nats-server. What it hears from the server only makes it look: nothing depends on hearing all of it. It begins to listen anew,
 * and looks, whenever the connection has been lost.
 */
export function kvSource({ broker: reached, prefix, bucket, log }: KvSourceOptions): Source {
  const closed = new AbortController();
  let opened: Promise<Bucket> | undefined;

  const open = (): Promise<Bucket> => {
    opened ??= reached.then((broker) => openBucket(broker, prefix, bucket));
    opened.catch(() => (opened = undefined));
    return opened;
  };

  async function listen(changed: () => void): Promise<void> {
    const broker = await reached;
    while (!closed.signal.aborted) {
      const { lost } = broker;
      if (!lost.aborted) {
        changed();
        await (await open()).heed(changed, AbortSignal.any([closed.signal, lost])).catch((error: unknown) => {
          if (!lost.aborted) log.debug({ err: error }, 'the bucket of supergraphs cannot be listened to; trying again');
        });
      }
      await pause(AGAIN_MS, undefined, { signal: closed.signal });
    }
  }

  return {
    async read() {
      const published = await (await open()).current();
      return published && { supergraphSdl: published.supergraphSdl, source: 'kv', revision: published.revision };
    },
    watch(changed) {
      listen(changed).catch((error: unknown) => {
        if (!closed.signal.aborted) log.error({ err: error }, 'the bucket of supergraphs is not listened to; it is only looked at');
      });
    },
    close: () => closed.abort(),
  };
}
