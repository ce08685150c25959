import type { Transport } from './transport.ts';

type Connect = (subgraph: string, url: string) => Transport;

interface Held {
  readonly transport: Transport;
  engines: number;
}

/**
 * Connections that outlive an engine: the next one goes on with those to subgraphs that stay where they are. They are closed when no engine has them any more.
 */
export function sharedTransports(connect: Connect): Connect {
  const open = new Map<string, Held>();
  return (subgraph, url) => {
    const key = `${subgraph} ${url}`;
    const held = open.get(key) ?? { transport: connect(subgraph, url), engines: 0 };
    open.set(key, held);
    held.engines++;
    let given = true;
    return {
      send: held.transport.send,
      async close() {
        if (!given) return;
        given = false;
        if (--held.engines > 0) return;
        open.delete(key);
        await held.transport.close();
      },
    };
  };
}
