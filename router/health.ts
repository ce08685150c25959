import { request } from 'undici';

/** `ready`: it serves; `not ready`: it answers, but says that it cannot serve; `unreachable`: it does not answer. */
export type SubgraphState = 'ready' | 'not ready' | 'unreachable';

const PROBE_MS = 1_000;

async function stateOf(url: string): Promise<SubgraphState> {
  try {
    const { statusCode, body } = await request(new URL('/readyz', url), {
      headersTimeout: PROBE_MS,
      bodyTimeout: PROBE_MS,
      signal: AbortSignal.timeout(PROBE_MS),
    });
    await body.dump();
    return statusCode < 500 ? 'ready' : 'not ready';
  } catch {
    return 'unreachable';
  }
}

/** Asks every subgraph for its state, at most once a second however often this is called. */
export function subgraphStates(subgraphs: Readonly<Record<string, string>>): () => Promise<Record<string, SubgraphState>> {
  let asked: Promise<Record<string, SubgraphState>> | undefined;
  let until = 0;
  return () => {
    if (asked && Date.now() < until) return asked;
    until = Date.now() + PROBE_MS;
    asked = Promise.all(Object.entries(subgraphs).map(async ([name, url]) => [name, await stateOf(url)] as const)).then(Object.fromEntries);
    return asked as Promise<Record<string, SubgraphState>>;
  };
}
