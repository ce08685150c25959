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
  const sockets = new Map<string, { readonly url: string; readonly socket: UpstreamSocket }>();
  const open = new Set<UpstreamSocket>();

  const socketTo = (subgraph: string): UpstreamSocket => {
    const current = sockets.get(subgraph);
    const url = subgraphs[subgraph];
    if (url === undefined) throw new Error(`no address of ${subgraph}`);
    // What runs at an address that is left goes on there until it ends.
    if (current?.socket.usable && current.url === url) return current.socket;
    const socket = new UpstreamSocket(url.replace(/^http/, 'ws'), limits, () => {
      metrics.upstreams.dec({ subgraph });
      open.delete(socket);
      if (sockets.get(subgraph)?.socket === socket) sockets.delete(subgraph);
    });
    metrics.upstreams.inc({ subgraph });
    open.add(socket);
    sockets.set(subgraph, { url, socket });
    return socket;
  };

  return {
    subscribe: (subgraph, payload, sink) => socketTo(subgraph).subscribe(payload, sink),
    close() {
      for (const socket of open) socket.close();
    },
  };
}
