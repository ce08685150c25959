import type { GraphQLFormattedError } from 'graphql';
import { clientOf, listen } from './listen.ts';

/** What is asked; everything that a request can say. */
export interface Request {
  readonly query?: string;
  readonly documentId?: string;
  readonly operationName?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** The first result, or what ended it. */
export interface FirstResult {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly GraphQLFormattedError[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** A way to ask the router something, and to have the first answer. */
export type WayToAsk = (url: string, request: Request) => Promise<FirstResult>;

const post = (url: string, request: unknown, accept: string, signal?: AbortSignal): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify(request),
    ...(signal ? { signal } : {}),
  });

/** The first JSON object in a body that goes on for as long as the client stays. */
async function first(url: string, request: Request, accept: string, pattern: RegExp): Promise<FirstResult> {
  const leave = new AbortController();
  const response = await post(url, request, accept, leave.signal);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  let found: RegExpExecArray | null = null;
  for (let done = false; !done && !found; found = pattern.exec(text)) {
    const part = await reader?.read();
    done = part?.done ?? true;
    text += part?.value ?? '';
  }
  leave.abort();
  return JSON.parse(found?.[1] ?? text);
}

/** Every way by which a document comes to the router. */
export const WAYS: Readonly<Record<string, WayToAsk>> = {
  POST: async (url, request) => (await post(url, request, 'application/json')).json() as Promise<FirstResult>,

  async GET(url, request) {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(request)) search.set(name, typeof value === 'string' ? value : JSON.stringify(value));
    const response = await fetch(`${url}?${search}`, { headers: { 'apollo-require-preflight': 'yes' } });
    return response.json() as Promise<FirstResult>;
  },

  async WebSocket(url, { query = '', operationName, variables, extensions }) {
    const client = clientOf(url);
    const listener = listen(client, {
      query,
      ...(operationName === undefined ? {} : { operationName }),
      ...(variables ? { variables } : {}),
      ...(extensions ? { extensions } : {}),
    });
    const result = await Promise.race([
      listener.got(1).then(([one]) => one as FirstResult),
      listener.ended().then((end): FirstResult => (end.kind === 'errors' ? { errors: end.errors } : (listener.results[0] ?? {}))),
    ]);
    await client.dispose();
    return result;
  },

  'Server-Sent Events': (url, request) => first(url, request, 'text/event-stream', /^event: next\ndata: (.*)$/m),

  multipart: (url, request) =>
    first(url, request, 'multipart/mixed;boundary="graphql";subscriptionSpec="1.0",application/json', /^{"payload":(.*)}\r?$/m),
};
