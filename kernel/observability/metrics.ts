import { collectDefaultMetrics, Registry } from 'prom-client';

let processIsMeasured = false;

export interface MetricsOptions {
  /** The context's name (or `router`); the label `context` of every metric. */
  readonly context: string;
}

/**
 * The Prometheus registry of a context. The first one of a process also has the process's own metrics (memory, CPU, event loop):
 * however many contexts one process hosts, it is measured once.
 */
export function createMetrics({ context }: MetricsOptions): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ context });
  if (!processIsMeasured) {
    processIsMeasured = true;
    collectDefaultMetrics({ register: registry });
  }
  return registry;
}
