import { Counter, Gauge, type Registry } from 'prom-client';

/** What the way to a subgraph says of itself when it is asked. */
export interface TrafficUse {
  /** 0 closed, 1 half-open, 2 open. */
  readonly level: number;
  /** Requests on their way, of so many places. */
  readonly running: number;
  readonly places: number;
  /** Requests that wait for a place. */
  readonly waiting: number;
}

/** The metrics of the ways to the subgraphs. */
export function trafficMetrics(registry: Registry) {
  const registers = [registry];
  const ways = new Map<string, () => TrafficUse>();
  const gauge = (name: string, help: string, of: (use: TrafficUse) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['subgraph'],
      registers,
      collect() {
        for (const [subgraph, use] of ways) this.set({ subgraph }, of(use()));
      },
    });
  gauge('madang_router_breaker_state', '0 closed, 1 half-open, 2 open', ({ level }) => level);
  gauge('madang_router_bulkhead_running', 'Requests on their way to a subgraph', ({ running }) => running);
  gauge('madang_router_bulkhead_places', 'Requests that may be on their way to a subgraph at a time', ({ places }) => places);
  gauge('madang_router_bulkhead_waiting', 'Requests that wait for a place', ({ waiting }) => waiting);
  const fetchRetries = new Counter({
    name: 'madang_router_fetch_retries_total',
    help: 'Further tries of queries at a subgraph',
    labelNames: ['subgraph'],
    registers,
  });
  return {
    fetchRetries,
    /** Has the way to a subgraph asked at every scrape, in place of one that was there before. */
    watchTraffic(subgraph: string, use: () => TrafficUse): void {
      ways.set(subgraph, use);
      fetchRetries.inc({ subgraph }, 0);
    },
  };
}
