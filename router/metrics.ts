import { createMetrics } from '@madang/kernel/observability';
import { Counter, Gauge, Histogram } from 'prom-client';
import { cacheMetrics } from './engine/cache/cache-metrics.ts';
import { trafficMetrics } from './engine/traffic/traffic-metrics.ts';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The router's metrics: a registry and what is counted in it. Of the subgraphs named, what is told per subgraph is there from the beginning. */
export function routerMetrics(subgraphs: readonly string[] = []) {
  const registry = createMetrics({ context: 'router' });
  const registers = [registry];
  const metrics = {
    registry,
    requests: new Counter({
      name: 'madang_router_requests_total',
      help: 'Operations answered, by protocol (http, ws, sse, multipart), operation type and outcome (ok, refused, fault)',
      labelNames: ['protocol', 'operation', 'outcome'],
      registers,
    }),
    durations: new Histogram({
      name: 'madang_router_request_duration_seconds',
      help: 'Time from an operation to its answer',
      labelNames: ['protocol', 'operation'],
      buckets: SECONDS,
      registers,
    }),
    operations: new Counter({
      name: 'madang_router_operations_total',
      help: 'Operations that are over, by name (of schema/operations, else other or anonymous), type and outcome (ok, refused, fault)',
      labelNames: ['name', 'type', 'outcome'],
      registers,
    }),
    operationDurations: new Histogram({
      name: 'madang_router_operation_duration_seconds',
      help: 'Time from a query or mutation to the end of its answer, by name',
      labelNames: ['name'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
      registers,
    }),
    fetches: new Histogram({
      name: 'madang_router_fetch_duration_seconds',
      help: 'Time from a request to a subgraph to the end of its answer',
      labelNames: ['subgraph'],
      buckets: SECONDS,
      registers,
    }),
    fetchErrors: new Counter({
      name: 'madang_router_fetch_errors_total',
      help: 'Requests to a subgraph without an answer, by error code',
      labelNames: ['subgraph', 'reason'],
      registers,
    }),
    costs: new Histogram({
      name: 'madang_router_operation_cost',
      help: 'Estimated cost of operations; of subscriptions, of one event',
      buckets: [10, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 50_000],
      registers,
    }),
    costly: new Counter({
      name: 'madang_router_cost_exceeded_total',
      help: 'Operations above the greatest cost, by what was done (log, enforce)',
      labelNames: ['mode'],
      registers,
    }),
    unlisted: new Counter({
      name: 'madang_router_unlisted_operations_total',
      help: 'Operations that were carried out although the safelist does not have them (its mode is log)',
      registers,
    }),
    supergraph: new Gauge({
      name: 'madang_router_supergraph_info',
      help: '1 for the supergraph in use: its version (short hash) and where it is from (file, kv, kept)',
      labelNames: ['version', 'source'],
      registers,
    }),
    supergraphs: new Counter({
      name: 'madang_router_supergraphs_total',
      help: 'Other supergraphs that the router was offered, by outcome (taken, refused)',
      labelNames: ['outcome'],
      registers,
    }),
    engines: new Gauge({
      name: 'madang_router_engines',
      help: 'Supergraphs that are worked with: the one in use, and those whose last requests are being finished',
      registers,
    }),
    ...trafficMetrics(registry),
    ...cacheMetrics(registry),
    rateLimited: new Counter({
      name: 'madang_router_rate_limited_total',
      help: 'Operations that were not let in, as the account or the address had sent too many, by kind (account, address)',
      labelNames: ['kind'],
      registers,
    }),
    timedOut: new Counter({
      name: 'madang_router_timed_out_total',
      help: 'Operations that took longer than an operation may',
      registers,
    }),
    sockets: new Gauge({ name: 'madang_router_sockets_open', help: 'WebSockets of clients', registers }),
    subscriptions: new Gauge({
      name: 'madang_router_subscriptions_open',
      help: 'Subscriptions of clients',
      labelNames: ['subgraph'],
      registers,
    }),
    sources: new Gauge({
      name: 'madang_router_upstream_subscriptions_open',
      help: "Subscriptions at subgraphs; clients' that are the same share one",
      labelNames: ['subgraph'],
      registers,
    }),
    resumed: new Counter({
      name: 'madang_router_upstream_subscriptions_resumed_total',
      help: 'Attempts to go on with an interrupted subscription at a subgraph',
      labelNames: ['subgraph'],
      registers,
    }),
    upstreams: new Gauge({
      name: 'madang_router_upstream_sockets_open',
      help: 'WebSockets to subgraphs',
      labelNames: ['subgraph'],
      registers,
    }),
    events: new Counter({
      name: 'madang_router_subscription_events_total',
      help: 'Events handed to clients',
      labelNames: ['subgraph'],
      registers,
    }),
    ended: new Counter({
      name: 'madang_router_subscriptions_ended_total',
      help: 'Subscriptions that ended other than by the client, by code',
      labelNames: ['subgraph', 'code'],
      registers,
    }),
  };
  for (const kind of ['account', 'address']) metrics.rateLimited.inc({ kind }, 0);
  for (const outcome of ['taken', 'refused']) metrics.supergraphs.inc({ outcome }, 0);
  for (const subgraph of subgraphs) {
    metrics.fetches.zero({ subgraph });
    metrics.subscriptions.set({ subgraph }, 0);
    metrics.sources.set({ subgraph }, 0);
    metrics.resumed.inc({ subgraph }, 0);
    metrics.upstreams.set({ subgraph }, 0);
    metrics.events.inc({ subgraph }, 0);
  }
  return metrics;
}

export type Metrics = ReturnType<typeof routerMetrics>;
