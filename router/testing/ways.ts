import type { ExecutionResult } from 'graphql';
import { createClient as createSseClient } from 'graphql-sse';
import { clientOf } from './listen.ts';

/** What a subscriber got, by whatever way. */
export interface Heard {
  readonly results: ExecutionResult<Record<string, unknown>>[];
  over: boolean;
  leave(): void;
}

/** Subscribes at a router. */
export type Way = (url: string, query: string, variables: Record<string, unknown>) => Heard;

const nothing = (leave: () => void): Heard => ({ results: [], over: false, leave });
function sinkOf(heard: Heard) {
  const ended = () => {
    heard.over = true;
  };
  return { next: (result: object) => void heard.results.push(result), complete: ended, error: ended };
}

const overWebSocket: Way = (url, query, variables) => {
  const client = clientOf(url);
  const heard = nothing(() => void client.dispose());
  client.subscribe({ query, variables }, sinkOf(heard));
  return heard;
};

const overEvents =
  (singleConnection: boolean): Way =>
  (url, query, variables) => {
    const client = singleConnection
      ? createSseClient({ url, singleConnection: true, retryAttempts: 0 })
      : createSseClient({ url, retryAttempts: 0 });
    const heard = nothing(() => client.dispose());
    client.subscribe({ query, variables }, sinkOf(heard));
    return heard;
  };

const overParts: Way = (url, query, variables) => {
  const abort = new AbortController();
  const heard = nothing(() => abort.abort());
  const read = async () => {
    const headers = { accept: 'multipart/mixed;boundary="graphql";subscriptionSpec="1.0"', 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }), signal: abort.signal });
    let text = '';
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const parts = (text + chunk).split('\r\n--graphql');
      text = parts.pop() ?? '';
      for (const part of parts) {
        const { payload } = JSON.parse(part.slice(part.indexOf('{')));
        if (payload) heard.results.push(payload);
      }
    }
  };
  read()
    .catch(() => undefined)
    .finally(sinkOf(heard).complete);
  return heard;
};

/** Every way to subscribe. */
export const ways: readonly (readonly [string, Way])[] = [
  ['WebSocket', overWebSocket],
  ['Server-Sent Events, distinct connections', overEvents(false)],
  ['Server-Sent Events, a single connection', overEvents(true)],
  ['multipart', overParts],
];
