import { Gauge, type Registry } from 'prom-client';
import { sharedRead } from '../observability/index.ts';
import type { Broker } from './broker.ts';

export interface ConsumerMetricsOptions {
  readonly context: string;
  readonly broker: Broker;
  readonly registry: Registry;
  /** The contexts whose streams are read. */
  readonly sources: readonly string[];
}

interface Lag {
  readonly source: string;
  readonly pending: number;
  readonly unacknowledged: number;
}

const ASK_MS = 1_000;

/** What nats-server does not say within a second is left out of the scrape. */
async function inTime<T>(work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ASK_MS);
  });
  return Promise.race([work.catch(() => null), late]).finally(() => clearTimeout(timer));
}

/** How far a context's consumers are behind their streams, and what it could not take in: asked of nats-server at every scrape. */
export function consumerMetrics({ context, broker, registry, sources }: ConsumerMetricsOptions): void {
  async function lagOf(source: string): Promise<Lag | null> {
    if (!broker.connected) return null;
    const { consumers } = await broker.manager();
    const { num_pending, num_ack_pending } = await consumers.info(broker.names.stream(source), context);
    return { source, pending: num_pending, unacknowledged: num_ack_pending };
  }
  async function deadLetters(): Promise<number | null> {
    if (!broker.connected) return null;
    const { streams } = await broker.manager();
    const filter = broker.names.subject(`dead-letters.${context}.>`);
    const { state } = await streams.info(broker.names.deadLetters, { subjects_filter: filter });
    return Object.values(state.subjects ?? {}).reduce((sum, count) => sum + count, 0);
  }
  const lags = sharedRead(async () => (await Promise.all(sources.map((source) => inTime(lagOf(source))))).filter((lag) => lag !== null));
  const gauge = (name: string, help: string, of: (lag: Lag) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['source'],
      registers: [registry],
      async collect() {
        const known = await lags();
        this.reset();
        for (const lag of known) this.set({ source: lag.source }, of(lag));
      },
    });
  gauge('madang_consumer_pending_events', "Events of another context's stream that have not been fetched yet", ({ pending }) => pending);
  gauge('madang_consumer_unacknowledged_events', 'Events that were fetched and are not done with', ({ unacknowledged }) => unacknowledged);
  new Gauge({
    name: 'madang_dead_letters',
    help: 'Events that this context could not take in and that nobody has retried yet',
    registers: [registry],
    async collect() {
      const count = await inTime(deadLetters());
      if (count !== null) this.set(count);
    },
  });
}
