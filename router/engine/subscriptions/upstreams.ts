import type { SubscribePayload } from 'graphql-ws';
import type { Metrics } from '../../metrics.ts';
import type { Limits } from '../../settings/limits.ts';
import { type Sink, UpstreamSocket } from './upstream.ts';

/** The ways to the subgraphs' events: at most one socket to each, however many subscriptions there are. */
export interface Upstreams {
  /** Begins an operation at a subgraph; the function returned ends it. */
  subscribe(subgraph: string, payload: SubscribePayload, sink: Sink): () => void;
  close(): void;
}

/** `subgraphs`: their HTTP addresses; subscriptions go to the same with `ws:`. */
export function upstreams(subgraphs: Readonly<Record<string, string>>, limits: Limits, metrics: Metrics): Upstreams {
  const sockets = new Map<string, UpstreamSocket>();

  const socketTo = (subgraph: string): UpstreamSocket => {
    const current = sockets.get(subgraph);
    if (current?.usable) return current;
    const url = subgraphs[subgraph];
    if (url === undefined) throw new Error(`no address of ${subgraph}`);
    const socket = new UpstreamSocket(url.replace(/^http/, 'ws'), limits, () => {
      metrics.upstreams.dec({ subgraph });
      if (sockets.get(subgraph) === socket) sockets.delete(subgraph);
    });
    metrics.upstreams.inc({ subgraph });
    sockets.set(subgraph, socket);
    return socket;
  };

  return {
    subscribe: (subgraph, payload, sink) => socketTo(subgraph).subscribe(payload, sink),
    close() {
      for (const socket of sockets.values()) socket.close();
    },
  };
}
