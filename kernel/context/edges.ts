import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Actor } from '../domain/index.ts';
import type { Tracer } from '../observability/index.ts';
import { type Edge, edgeMetrics, edgeSettings, GraphqlEdge } from '../resilience/index.ts';
import { calleeUrl } from './config.ts';
import type { ContextDefinition, Env } from './definition.ts';

/** All ways from one context to others. */
export interface Edges {
  /** @throws TypeError for a callee that the context does not declare in `calls` */
  to(callee: string): Edge;
  /** Calls back when a breaker has closed: what waited for its callee may go on. */
  onClosed(run: () => void): void;
  close(): Promise<void>;
}

export interface EdgesOptions {
  readonly env: Env;
  readonly token: (actor: Actor) => Promise<string>;
  readonly log: Logger;
  readonly metrics: Registry;
  readonly tracer: Tracer | undefined;
}

/** @throws TypeError that names a missing address or a wrong setting */
export function openEdges({ name, calls = [] }: ContextDefinition, { env, token, log, metrics, tracer }: EdgesOptions): Edges {
  const perEdge = edgeMetrics(metrics);
  const open = (callee: string) =>
    new GraphqlEdge({
      caller: name,
      callee,
      url: calleeUrl(name, callee, env),
      settings: edgeSettings(name, callee, env),
      token,
      metrics: perEdge,
      log,
      tracer,
    });
  const edges = new Map(calls.map((callee) => [callee, open(callee)]));
  return {
    to(callee) {
      const edge = edges.get(callee);
      if (!edge) throw new TypeError(`${name} does not declare that it calls ${callee}`);
      return edge;
    },
    onClosed(run) {
      for (const edge of edges.values()) edge.signals.on('state', (state) => state === 'closed' && run());
    },
    async close() {
      await Promise.all([...edges.values()].map((edge) => edge.close()));
    },
  };
}
