import { ApolloClient, CombinedGraphQLErrors, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { cacheExchange, fetchExchange, subscriptionExchange, Client as UrqlClient } from '@urql/core';
import { ClientError, GraphQLClient } from 'graphql-request';
import type { Client as SocketClient } from 'graphql-ws';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../testing/ask.ts';
import { clientOf } from '../testing/listen.ts';
import { type Shop, shop } from '../testing/shop.ts';

const ORDER = 'query Order($id: ID!) { order(id: $id) { id book { title } customer { name } } }';
const PLACE = 'mutation Place($book: ID!) { placeOrder(input: { bookId: $book }) { id book { title } } }';
const REFUSED = '{ refused(field: "x") orders { id } }';
const WHO = '{ who }';
const CHANGED = 'subscription Changed { orderChanged { status order { id book { title } } } }';

const placed = { placeOrder: { id: '3', book: { title: 'Title of b9' } } };
const order = { order: { id: '7', book: { title: 'Title of book-7' }, customer: { name: 'Name of customer-7' } } };
const changed = (n: number) => ({ orderChanged: { status: `S${n}`, order: { id: String(n), book: { title: `Title of book-${n}` } } } });

/** What every client can do, in its own words. */
interface Spoken {
  query(text: string, variables?: Record<string, unknown>): Promise<unknown>;
  mutate(text: string, variables: Record<string, unknown>): Promise<unknown>;
  /** The codes of the errors of a query that fails. */
  codes(text: string): Promise<unknown[]>;
  /** Hands every event to `next`. @returns the end of it */
  subscribe?(text: string, next: (data: unknown) => void): () => void;
  close(): unknown;
}

type Make = (url: string, token: string) => Spoken;
const codesOf = (errors: readonly { extensions?: Record<string, unknown> }[]): unknown[] =>
  errors.map(({ extensions }) => extensions?.code);
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

function apollo(client: ApolloClient, close: () => unknown = () => undefined): Spoken {
  return {
    query: async (text, variables) => (await client.query({ query: gql(text), variables })).data,
    mutate: async (text, variables) => (await client.mutate({ mutation: gql(text), variables })).data,
    async codes(text) {
      const { error } = await client.query({ query: gql(text), errorPolicy: 'all' });
      return CombinedGraphQLErrors.is(error) ? codesOf(error.errors) : [error];
    },
    subscribe(text, next) {
      const subscription = client.subscribe({ query: gql(text) }).subscribe({ next: ({ data, error }) => next(data ?? error) });
      return () => subscription.unsubscribe();
    },
    close() {
      client.stop();
      return close();
    },
  };
}
const cache = () => new InMemoryCache();

const clients: Record<string, Make> = {
  'Apollo Client over HTTP, subscriptions by multipart': (uri, token) =>
    apollo(new ApolloClient({ link: new HttpLink({ uri, headers: bearer(token) }), cache: cache() })),

  'Apollo Client over HTTP GET': (uri, token) =>
    apollo(new ApolloClient({ link: new HttpLink({ uri, headers: bearer(token), useGETForQueries: true }), cache: cache() })),

  'Apollo Client over a WebSocket': (url, token) => {
    const socket = clientOf(url, { connectionParams: bearer(token) });
    return apollo(new ApolloClient({ link: new GraphQLWsLink(socket), cache: cache() }), () => socket.dispose());
  },

  'urql, subscriptions over a WebSocket': (url, token) => urql(url, token, clientOf(url, { connectionParams: bearer(token) })),

  'urql, subscriptions by event stream': (url, token) => urql(url, token),

  'graphql-request': (url, token) => {
    const client = new GraphQLClient(url, { headers: bearer(token) });
    return {
      query: (text, variables) => client.request(text, variables),
      mutate: (text, variables) => client.request(text, variables),
      codes: (text) =>
        client.request(text).then(
          () => [],
          (error: unknown) => (error instanceof ClientError ? codesOf(error.response.errors ?? []) : [error]),
        ),
      close: () => undefined,
    };
  },
};

/** graphql-request knows none; Apollo Client would ask for them by GET, too, which is for queries. */
const WITHOUT_SUBSCRIPTIONS = new Set(['graphql-request', 'Apollo Client over HTTP GET']);

function urql(url: string, token: string, socket?: SocketClient): Spoken {
  const forward = subscriptionExchange({
    forwardSubscription: ({ query = '', variables }) => ({
      subscribe: (sink) => ({
        unsubscribe: socket?.subscribe({ query, variables: variables as Record<string, unknown> }, sink) ?? (() => {}),
      }),
    }),
  });
  const client = new UrqlClient({
    url,
    exchanges: socket ? [cacheExchange, forward, fetchExchange] : [cacheExchange, fetchExchange],
    fetchSubscriptions: socket === undefined,
    preferGetMethod: false,
    fetchOptions: { headers: bearer(token) },
  });
  const thrown = <T>({ data, error }: { data?: T; error?: Error }): T | undefined => {
    if (error) throw error;
    return data;
  };
  return {
    query: async (text, variables) => thrown(await client.query(text, variables)),
    mutate: async (text, variables) => thrown(await client.mutation(text, variables)),
    codes: async (text) => codesOf((await client.query(text, {})).error?.graphQLErrors ?? []),
    subscribe(text, next) {
      const { unsubscribe } = client.subscription(text, {}).subscribe(({ data, error }) => next(data ?? error));
      return unsubscribe;
    },
    close: () => socket?.dispose(),
  };
}

describe.each(Object.entries(clients))('%s', (name, make) => {
  let world: Shop;
  let client: Spoken;
  const stops: (() => void)[] = [];
  beforeAll(async () => {
    world = await shop();
    const { url } = await world.router({ upstreamIdleMs: 50 });
    client = make(url, await world.keys.token({ sub: 'kim' }));
  });
  afterEach(() => {
    for (const stop of stops.splice(0)) stop();
  });
  afterAll(async () => {
    await client.close();
    await world.close();
  });

  it('asks across subgraphs, with variables', async () => {
    expect(await client.query(ORDER, { id: '7' })).toMatchObject(order);
  });

  it('changes something', async () => {
    expect(await client.mutate(PLACE, { book: 'b9' })).toMatchObject(placed);
  });

  it('says who asks', async () => {
    const { who } = (await client.query(WHO)) as { who: string };
    expect(JSON.parse(who)).toMatchObject({ kind: 'user', accountId: 'kim' });
  });

  it('gets errors with their codes', async () => {
    expect(await client.codes(REFUSED)).toEqual(['BAD_INPUT']);
    expect(await client.codes('{ nothing }')).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  });

  if (WITHOUT_SUBSCRIPTIONS.has(name)) return;
  it('subscribes across subgraphs, and leaves', async () => {
    const heard: unknown[] = [];
    stops.push(client.subscribe?.(CHANGED, (data) => heard.push(data)) ?? (() => undefined));
    await until(() => world.events.listeners === 1);
    for (const n of [1, 2]) world.events.publish({ orderId: String(n), status: `S${n}`, cursor: `c${n}` });
    await until(() => heard.length === 2, `two events, got ${JSON.stringify(heard)}`);
    expect(heard).toMatchObject([changed(1), changed(2)]);
    stops.pop()?.();
    await until(() => world.events.listeners === 0, 'no subscription left at the subgraph');
  });
});
