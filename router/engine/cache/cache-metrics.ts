import { Counter, Gauge, type Registry } from 'prom-client';

/** The metrics of what is kept of subgraphs' answers. */
export function cacheMetrics(registry: Registry) {
  const registers = [registry];
  return {
    cacheLookups: new Counter({
      name: 'madang_router_cache_lookups_total',
      help: 'Answers and entities that may be kept, by what became of them: hit, miss, bypass (asked for anew: after a mutation, for an event, while events are not heard, PRIVATE of nobody)',
      labelNames: ['subgraph', 'scope', 'outcome'],
      registers,
    }),
    cacheDropped: new Counter({
      name: 'madang_router_cache_dropped_total',
      help: 'Kept answers and entities that were dropped, by why: event, mutation, deaf (events are not heard), full',
      labelNames: ['subgraph', 'scope', 'why'],
      registers,
    }),
    cacheBytes: new Gauge({
      name: 'madang_router_cache_bytes',
      help: 'Memory of what is kept',
      labelNames: ['subgraph', 'scope'],
      registers,
    }),
  };
}

export type CacheMetrics = ReturnType<typeof cacheMetrics>;

/** What is told of a subgraph is there from the beginning. */
export function zero({ cacheLookups, cacheDropped, cacheBytes }: CacheMetrics, subgraph: string): void {
  for (const scope of ['PUBLIC', 'PRIVATE']) {
    for (const outcome of ['hit', 'miss', 'bypass']) cacheLookups.inc({ subgraph, scope, outcome }, 0);
    for (const why of ['event', 'mutation', 'deaf', 'full']) cacheDropped.inc({ subgraph, scope, why }, 0);
    cacheBytes.inc({ subgraph, scope }, 0);
  }
}
