import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What an edge says of itself when it is asked. */
export interface EdgeUse {
  /** 0 closed, 1 half-open, 2 open. */
  readonly level: number;
  /** Calls on their way, of so many places. */
  readonly running: number;
  readonly places: number;
  /** Calls that wait for a place. */
  readonly waiting: number;
}

export interface EdgeMetrics {
  readonly calls: Counter<'edge' | 'outcome'>;
  readonly seconds: Histogram<'edge'>;
  /** Has an edge asked at every scrape. */
  watch(edge: string, use: () => EdgeUse): void;
}

const OUTCOMES = ['ok', 'refused', 'timeout', 'network', 'server', 'broken', 'bulkhead'];

/** The metrics of a context's edges; once per registry. */
export function edgeMetrics(registry: Registry): EdgeMetrics {
  const registers = [registry];
  const edges = new Map<string, () => EdgeUse>();
  const gauge = (name: string, help: string, of: (use: EdgeUse) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['edge'],
      registers,
      collect() {
        for (const [edge, use] of edges) this.set({ edge }, of(use()));
      },
    });
  gauge('madang_edge_breaker_state', '0 closed, 1 half-open, 2 open', ({ level }) => level);
  gauge('madang_edge_bulkhead_running', 'Calls on their way', ({ running }) => running);
  gauge('madang_edge_bulkhead_places', 'Calls that may be on their way at a time', ({ places }) => places);
  gauge('madang_edge_bulkhead_waiting', 'Calls that wait for a place', ({ waiting }) => waiting);
  const calls = new Counter({
    name: 'madang_edge_calls_total',
    help: `Calls by outcome (${OUTCOMES.join(', ')})`,
    labelNames: ['edge', 'outcome'],
    registers,
  });
  const seconds = new Histogram({
    name: 'madang_edge_seconds',
    help: 'Duration of a call with all its tries',
    labelNames: ['edge'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.9, 2],
    registers,
  });
  return {
    calls,
    seconds,
    watch(edge, use) {
      edges.set(edge, use);
      for (const outcome of OUTCOMES) calls.inc({ edge, outcome }, 0);
      seconds.zero({ edge });
    },
  };
}
