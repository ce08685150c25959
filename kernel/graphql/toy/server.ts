import { once } from 'node:events';
import { Writable } from 'node:stream';
import DataLoader from 'dataloader';
import { type Client, createClient } from 'graphql-ws';
import { Registry } from 'prom-client';
import WebSocket from 'ws';
import { z } from 'zod';
import { defineEvent, notFound, Refused } from '../../domain/index.ts';
import { internalTokens } from '../../identity/index.ts';
import { createLogger } from '../../observability/index.ts';
import { Unavailable } from '../../resilience/index.ts';
import { type RequestContext, type ServedSubgraph, type ServeOptions, serveSubgraph } from '../index.ts';

export const tokens = internalTokens('a secret of tests, long enough to sign');

export const ToyTold = defineEvent({
  context: 'toys',
  aggregate: 'toy',
  name: 'ToyTold',
  version: 1,
  key: ({ n }) => String(n),
  payload: z.object({ n: z.int(), to: z.string() }),
  examples: [{ n: 1, to: 'all' }],
});

const failures: Record<string, () => unknown> = {
  refused: () => notFound('The toy'),
  unavailable: () => new Unavailable('toys→shops', 'broken', false, 7),
  internal: () => Object.assign(new Error('SELECT secret FROM toys'), { password: 'p' }),
  null: () => null,
};

/** A subgraph of toys on a real port; `batches` has what the loader was asked for, `lines` what was logged. */
export class ToyServer {
  readonly batches: string[][] = [];
  readonly lines: Record<string, unknown>[] = [];
  readonly slow = { begun: Promise.withResolvers<void>(), end: Promise.withResolvers<void>() };
  unready: string | null = null;
  served!: ServedSubgraph;

  async start(source: ServeOptions['source'], options: Partial<ServeOptions> = {}): Promise<this> {
    const destination = new Writable({
      write: (chunk, _, done) => {
        this.lines.push(JSON.parse(String(chunk)));
        done();
      },
    });
    this.served = await serveSubgraph({
      name: 'toys',
      sdl: new URL('toys.graphql', import.meta.url),
      parts: {
        resolvers: this.#resolvers(),
        loaders: () => ({ toys: new DataLoader((ids: readonly string[]) => this.#load(ids)) }),
        routes: { '/.well-known/toys.json': async () => ({ toys: true }) },
      },
      log: createLogger({ name: 'toys', level: 'debug', destination }),
      metrics: new Registry(),
      tokens,
      clock: { now: () => new Date() },
      host: '127.0.0.1',
      port: 0,
      readiness: async () => this.unready,
      source,
      ...options,
    });
    return this;
  }

  url(path: string): string {
    return new URL(path, this.served.url).href;
  }

  /** Asks as a service of another context, unless told otherwise. */
  async ask(query: string, variables: object = {}, headers: Record<string, string> = {}): Promise<{ status: number; body: Answer }> {
    const authorization = `Bearer ${await tokens.issue({ kind: 'service', name: 'shops' }, 'shops')}`;
    const response = await fetch(this.served.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization, ...headers },
      body: JSON.stringify({ query, variables }),
    });
    return { status: response.status, body: (await response.json()) as Answer };
  }

  client(connectionParams: Record<string, unknown> = {}): Client {
    return createClient({
      url: this.served.url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      connectionParams,
      retryAttempts: 0,
      lazy: true,
    });
  }

  async socket(): Promise<WebSocket> {
    const socket = new WebSocket(this.served.url.replace('http', 'ws'), 'graphql-transport-ws');
    await once(socket, 'open');
    return socket;
  }

  async #load(ids: readonly string[]) {
    this.batches.push([...ids]);
    return ids.map((id) => (id === 'gone' ? notFound('The toy') : { id, madeAt: new Date(0), loads: this.batches.length }));
  }

  #resolvers() {
    const { slow } = this;
    return {
      Toy: { __resolveReference: ({ id }: { id: string }, { loaders }: RequestContext) => loaders.toys.load(id) },
      Query: {
        whoami: (_: unknown, __: unknown, { cause: { actor } }: RequestContext) => JSON.stringify(actor),
        fail: (_: unknown, { how }: { how: string }) => {
          throw failures[how]?.() ?? new Refused(how, 'As you wish.');
        },
        slow: async () => {
          slow.begun.resolve();
          await slow.end.promise;
          return 'done';
        },
        counted: (_: unknown, { first }: { first: number }) => first,
      },
      Mutation: { add: (_: unknown, { to }: { to: number }) => to + 1 },
      Subscription: {
        toyTold: {
          subscribe: (_: unknown, { to, after }: { to?: string; after?: string }, ctx: RequestContext) =>
            ctx.subscribe({
              field: 'toyTold',
              to: [ToyTold],
              after,
              allow: async () => {
                if (to === 'nobody') throw notFound('Nobody');
              },
              when: (event) => to === undefined || event.data.to === to,
              as: (event, cursor) => ({ n: event.data.n, cursor, id: 'a toy' }),
            }),
        },
      },
      ToyTold: { toy: ({ id }: { id: string }, _: unknown, { loaders }: RequestContext) => loaders.toys.load(id) },
    };
  }
}

export interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message: string; readonly path?: unknown; readonly extensions: Record<string, unknown> }[];
}
