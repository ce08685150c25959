import { Broker } from '@madang/kernel/nats';
import type { Logger } from 'pino';

/** The way to nats-server, for what routers tell each other and hear of contexts. The router neither waits for it nor needs it to answer. */
export interface RouterBroker {
  /** There once the server has been reached; never, where it is not. Afterwards it comes back by itself. */
  readonly open: Promise<Broker>;
  close(): Promise<void>;
}

/** Undefined without an address. */
export function routerBroker(url: string | undefined, prefix: string, log: Logger): RouterBroker | undefined {
  if (url === undefined) return undefined;
  const leaving = new AbortController();
  const opening = Broker.open({ url, prefix, name: 'router', log }, leaving.signal);
  const open = opening.catch((error: unknown) => (leaving.signal.aborted ? new Promise<never>(() => {}) : Promise.reject(error)));
  return {
    open,
    async close() {
      leaving.abort();
      await opening.then(
        (broker) => broker.close(),
        () => undefined,
      );
    },
  };
}
