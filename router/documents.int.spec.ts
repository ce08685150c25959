import { createHash } from 'node:crypto';
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Router } from './router.ts';
import { ask, until } from './testing/ask.ts';
import { clientOf, listen } from './testing/listen.ts';
import { type Shop, shop } from './testing/shop.ts';
import { WAYS, type WayToAsk } from './testing/ways-to-ask.ts';

/** Every way at the router's own front, and those of Apollo Server at its. */
const FRONTS: [name: string, front: 'own' | 'apollo', way: WayToAsk][] = [
  ...Object.entries(WAYS).map(([name, way]): [string, 'own', WayToAsk] => [name, 'own', way]),
  ...['POST', 'GET'].map((name): [string, 'apollo', WayToAsk] => [`${name}, Apollo Server`, 'apollo', WAYS[name] as WayToAsk]),
];

let world: Shop;
beforeAll(async () => {
  world = await shop();
});
afterAll(() => world.close());

type Settings = Parameters<Shop['router']>[2];
async function both(settings: Settings): Promise<Record<'own' | 'apollo', Router>> {
  const limits = { documentTokens: 150, drainMs: 100 };
  return { own: await world.router(limits, 'own', settings), apollo: await world.router(limits, 'apollo', settings) };
}

describe('limits hold', () => {
  let routers: Awaited<ReturnType<typeof both>>;
  beforeAll(async () => {
    routers = await both({
      documents: {
        ...{ documentCharacters: 1_000, documentDepth: 5, documentFields: 30, documentRootFields: 4, documentAliases: 2 },
        ...{ documentDirectives: 3, documentDefinitions: 2, documentRepetitions: 40, validationErrors: 2, costLimit: 50 },
        ...{ introspection: 'off', suggestions: 'off' },
      },
    });
  });

  const CASES: [query: string, code: string, details: object][] = [
    [`{ orders { id } }${' '.repeat(1_000)}`, 'DOCUMENT_TOO_LARGE', { limit: 1_000, found: 1_017 }],
    [`{ ${'a '.repeat(200)}}`, 'TOO_MANY_TOKENS', { limit: 150 }],
    ['{ a { a { a { a { a { a } } } } } }', 'DOCUMENT_TOO_DEEP', { limit: 5, found: 6 }],
    [`{ ${Array.from({ length: 40 }, (_, at) => `f${at}`).join(' ')} }`, 'TOO_MANY_FIELDS', { limit: 30, found: 31 }],
    ['{ orders { id } who secret slow trail }', 'TOO_MANY_ROOT_FIELDS', { limit: 4, found: 5 }],
    ['{ a: who b: who c: who }', 'TOO_MANY_ALIASES', { limit: 2, found: 3 }],
    ['{ who @a slow @b secret @c trail @d }', 'TOO_MANY_DIRECTIVES', { limit: 3, found: 4 }],
    ['query A { who } query B { who } query C { who }', 'TOO_MANY_DEFINITIONS', { limit: 2, found: 3 }],
    [`{ ${'who '.repeat(8)}}`, 'TOO_MANY_REPETITIONS', { limit: 40, found: 56 }],
    ['{ __schema { description } }', 'INTROSPECTION_DISABLED', {}],
    [
      '{ orders { id } more: orders { id book { title } customer { name } } others: orders { id customer { name } } }',
      'COST_LIMIT_EXCEEDED',
      { cost: 60, limit: 50 },
    ],
  ];

  it.each(FRONTS)('over %s', async (_, front, way) => {
    for (const [query, code, details] of CASES) {
      const { data, errors } = await way(routers[front].url, { query });
      expect({ data: data ?? null, errors }).toMatchObject({ data: null, errors: [{ extensions: { code, ...details } }] });
    }
    const { errors = [] } = await way(routers[front].url, { query: '{ ordres whi nothing }' });
    expect(errors).toHaveLength(3);
    expect(JSON.stringify(errors)).not.toContain('Did you mean');
    expect((await way(routers[front].url, { query: '{ __typename orders { id } }' })).data).toMatchObject({ __typename: 'Query' });
  });

  it.each(['own', 'apollo'] as const)('and are answered as an invalid document is, front %s', async (front) => {
    for (const [query] of CASES) {
      expect((await ask(routers[front].url, query)).status).toBe(400);
      expect((await ask(routers[front].url, query, { headers: { accept: 'application/json' } })).status).toBe(200);
    }
  });

  it('for a subscription by what one event costs', async () => {
    const dear = 'subscription { orderChanged { order { id } } }';
    const { own } = await both({ documents: { costLimit: 1 } });
    for (const name of ['WebSocket', 'Server-Sent Events', 'multipart'])
      expect(await WAYS[name]?.(own.url, { query: dear })).toMatchObject({
        errors: [{ extensions: { code: 'COST_LIMIT_EXCEEDED', cost: 2, limit: 1 } }],
      });
    expect(world.events.listeners).toBe(0);
  });
});

describe('a cost', () => {
  let routers: Awaited<ReturnType<typeof both>>;
  beforeAll(async () => {
    routers = await both({ documents: { costLimit: 15, costMode: 'log' } });
  });

  it.each(FRONTS)('is told on request over %s, and only then', async (_, front, way) => {
    const query = '{ orders { id } }';
    const { url } = routers[front];
    expect((await way(url, { query, extensions: { cost: true } })).extensions).toEqual({ cost: { estimated: 10, limit: null } });
    expect((await way(url, { query })).extensions).toBeUndefined();
  });

  it.each(['own', 'apollo'] as const)('is told to who asks by a header, front %s', async (front) => {
    const { text } = await ask(routers[front].url, 'mutation { placeOrder(input: { bookId: "1" }) { id } }', {
      headers: { 'x-madang-cost': '1' },
    });
    expect(JSON.parse(text).extensions).toEqual({ cost: { estimated: 11, limit: null } });
  });

  it('is told with every event to who asks, and to nobody else of the same subscription', async () => {
    const query = 'subscription { orderChanged { status order { id } } }';
    const client = clientOf(routers.own.url);
    const [curious, other] = [listen(client, { query, extensions: { cost: true } }), listen(client, { query })];
    await until(() => world.events.listeners === 2);
    world.events.publish({ orderId: '1', status: 'PAID', cursor: 'a' });
    expect((await curious.got(1))[0]?.extensions).toEqual({ cost: { estimated: 2, limit: null } });
    expect((await other.got(1))[0]?.extensions).toBeUndefined();
    await client.dispose();
    await until(() => world.events.listeners === 0);
  });

  it.each(['Server-Sent Events', 'multipart'])('is told with every event over %s', async (name) => {
    const query = 'subscription { orderChanged { status } }';
    const result = WAYS[name]?.(routers.own.url, { query, extensions: { cost: true } });
    await until(() => world.events.listeners === 1);
    world.events.publish({ orderId: '1', status: 'PAID', cursor: 'a' });
    expect((await result)?.extensions).toEqual({ cost: { estimated: 1, limit: null } });
    await until(() => world.events.listeners === 0);
  });

  it('above the limit is logged and counted, where that is what is to be done', async () => {
    world.lines.splice(0);
    const { data } = await ask(routers.own.url, 'query Dear { orders { id book { title } } }');
    expect(data.orders).toHaveLength(2);
    expect(world.lines.find(({ msg }) => msg === 'an operation costs more than the limit')).toMatchObject({
      operation: 'Dear',
      cost: 20,
      limit: 15,
    });
    const metrics = await (await fetch(new URL('/metrics', routers.own.url))).text();
    expect(metrics).toMatch(/madang_router_cost_exceeded_total\{mode="log",context="router"\} 1/);
    expect(metrics).toMatch(/madang_router_operation_cost_bucket\{le="10",context="router"\} [1-9]/);
  });
});

describe('the safelist', () => {
  const KNOWN = 'query Orders {\n  orders {\n    id\n  }\n}';
  const CHANGES = 'subscription Changes($after: String) {\n  orderChanged(after: $after) {\n    status\n    cursor\n  }\n}';
  const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
  const manifestOf = (...texts: string[]) =>
    JSON.stringify({
      format: 'apollo-persisted-query-manifest',
      version: 1,
      operations: texts.map((body) => ({ id: hashOf(body), name: null, type: body.startsWith('sub') ? 'subscription' : 'query', body })),
    });
  const byHash = (text: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(text) } } });
  const UNKNOWN = '{ orders { id status } }';
  const required = { errors: [{ extensions: { code: 'PERSISTED_OPERATION_REQUIRED' } }] };
  const notFound = { errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] };

  let routers: Awaited<ReturnType<typeof both>>;
  beforeAll(async () => {
    routers = await both({ documents: { safelistMode: 'enforce' }, manifest: manifestOf(KNOWN, CHANGES) });
  });

  it.each(FRONTS)('lets in what it has, by id or by text, and nothing else: over %s', async (_, front, way) => {
    const { url } = routers[front];
    const orders = { data: { orders: [{ id: '1' }, { id: '2' }] } };
    expect(await way(url, byHash(KNOWN))).toEqual(orders);
    if (way !== WAYS.WebSocket) expect(await way(url, { documentId: `sha256:${hashOf(KNOWN)}` })).toEqual(orders);
    const written = 'query Orders{orders{__typename,id}} # compact';
    expect(await way(url, { query: written })).toMatchObject(orders);
    expect(await way(url, { query: UNKNOWN })).toMatchObject(required);
    expect(await way(url, { query: '{ __schema { description } }' })).toMatchObject(required);
    // Nobody makes an operation known by sending it.
    expect(await way(url, { query: UNKNOWN, ...byHash(UNKNOWN) })).toMatchObject(required);
    expect(await way(url, byHash(UNKNOWN))).toMatchObject(notFound);
    expect(await way(url, { query: written, ...byHash(written) })).toMatchObject(orders);
    expect(await way(url, byHash(written))).toMatchObject(orders);
  });

  it.each(['own', 'apollo'] as const)(
    'knows what Apollo Client makes of an operation, first by its text, then by its hash, front %s',
    async (front) => {
      const sent: { query?: string }[] = [];
      const http = new HttpLink({
        uri: routers[front].url,
        fetch: (uri, options) => {
          sent.push(JSON.parse(String(options?.body)));
          return fetch(uri, options);
        },
      });
      const ask = async () => {
        const link = new PersistedQueryLink({ sha256: hashOf }).concat(http);
        const { data } = await new ApolloClient({ link, cache: new InMemoryCache() }).query({ query: gql(KNOWN) });
        return data;
      };
      for (const _ of [1, 2]) expect(await ask()).toMatchObject({ orders: [{ __typename: 'Order', id: '1' }, { id: '2' }] });
      expect(sent.map(({ query }) => query?.includes('__typename') ?? false)).toEqual([false, true, false]);
    },
  );

  it('lets in a subscription by its id, which is resumed as any other', async () => {
    const client = clientOf(routers.own.url);
    const listener = listen(client, { query: '', ...byHash(CHANGES) });
    await until(() => world.events.listeners === 1);
    world.events.publish({ orderId: '1', status: 'PAID', cursor: 'first' });
    await listener.got(1);
    await world.orders.crash();
    await world.orders.start();
    await until(() => world.subscribed.at(-1)?.after === 'first');
    world.events.publish({ orderId: '1', status: 'SENT', cursor: 'second' });
    expect((await listener.got(2)).map(({ data }) => data)).toMatchObject([
      { orderChanged: { status: 'PAID' } },
      { orderChanged: { status: 'SENT' } },
    ]);
    await client.dispose();
    await until(() => world.events.listeners === 0);
  });

  it('is read again with the schema', async () => {
    const router = await world.router({ drainMs: 100 }, 'own', { documents: { safelistMode: 'enforce' }, manifest: manifestOf(KNOWN) });
    const { supergraph, subgraphs } = world;
    await router.reload({ supergraphSdl: supergraph(), subgraphs, manifest: manifestOf(UNKNOWN) });
    expect(await WAYS.POST?.(router.url, { query: UNKNOWN })).toMatchObject({ data: {} });
    expect(await WAYS.POST?.(router.url, { query: KNOWN })).toMatchObject(required);
    await router.reload({ supergraphSdl: supergraph(), subgraphs });
    expect(await WAYS.POST?.(router.url, byHash(UNKNOWN))).toMatchObject({ data: {} });
  });

  it.each(FRONTS)('logs and counts what it has not, where that is what is to be done: over %s', async (_, front, way) => {
    const { [front]: router } = await both({ documents: { safelistMode: 'log' }, manifest: manifestOf(KNOWN) });
    world.lines.splice(0);
    for (const query of [KNOWN, UNKNOWN, UNKNOWN]) expect(await way(router.url, { query })).toMatchObject({ data: {} });
    expect(world.lines.filter(({ msg }) => msg === 'an operation is not in the safelist')).toMatchObject([
      { type: 'query', sha256: hashOf(UNKNOWN) },
    ]);
    const metrics = await (await fetch(new URL('/metrics', router.url))).text();
    expect(metrics).toMatch(/madang_router_unlisted_operations_total\{context="router"\} 2/);
  });
});

describe('batches', () => {
  const post = async (url: string, body: unknown) => {
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    return { status: response.status, answer: await response.json() };
  };
  const refused = (code: string, more: object = {}) => ({ status: 400, answer: { errors: [{ extensions: { code, ...more } }] } });

  it('are off by default', async () => {
    const { own, apollo } = await both({});
    for (const { url } of [own, apollo]) expect(await post(url, [{ query: '{ who }' }])).toMatchObject(refused('BATCHING_DISABLED'));
    expect(await WAYS['Server-Sent Events']?.(own.url, [{ query: '{ who }' }] as never)).toMatchObject(refused('BATCHING_DISABLED').answer);
  });

  it('are carried out at the same time and answered in their order, each with what is wrong with it', async () => {
    const { own } = await both({ documents: { batch: 6 } });
    world.slow.splice(0);
    const answer = post(own.url, [
      { query: '{ slow }' },
      { query: 'mutation { placeSlowly }' },
      { query: '{ nothing }' },
      { query: 'subscription { other }' },
      { query: 'query ($id: ID!) { order(id: $id) { id } }', variables: { id: '7' }, extensions: { cost: true } },
      'no operation',
    ]);
    await until(() => world.slow.length === 2);
    for (const end of world.slow.splice(0)) end();
    expect(await answer).toMatchObject({
      status: 200,
      answer: [
        { data: { slow: 'at last' } },
        { data: { placeSlowly: 'at last' } },
        { errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] },
        { errors: [{ extensions: { code: 'BAD_REQUEST' } }] },
        { data: { order: { id: '7' } }, extensions: { cost: { estimated: 1, limit: 5_000 } } },
        { errors: [{ extensions: { code: 'BAD_REQUEST' } }] },
      ],
    });
  });

  it('have a limit of their own, and one cost', async () => {
    const { own } = await both({ documents: { batch: 3, costLimit: 25 } });
    const orders = { query: '{ orders { id } }' };
    expect(await post(own.url, [orders, orders])).toMatchObject({ status: 200, answer: [{ data: {} }, { data: {} }] });
    expect(await post(own.url, [orders, orders, orders])).toMatchObject(refused('COST_LIMIT_EXCEEDED', { cost: 30, limit: 25 }));
    expect(await post(own.url, [1, 2, 3, 4])).toMatchObject(refused('BATCH_TOO_LARGE', { limit: 3, found: 4 }));
    expect(await post(own.url, [])).toMatchObject(refused('BAD_REQUEST'));
  });

  it('have a line in the access log for each operation, and none for themselves', async () => {
    const { own } = await both({ documents: { batch: 2 }, operationNames: new Set(['A', 'B']) });
    world.lines.splice(0);
    await post(own.url, [{ query: 'query A { who }' }, { query: 'query B { nothing }', operationName: 'B' }]);
    const access = () => world.lines.filter(({ msg }) => msg === 'access');
    await until(() => access().length === 2);
    expect(access()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ operation: 'A', outcome: 'ok' }),
        expect.objectContaining({ operation: 'B', outcome: 'refused' }),
      ]),
    );
  });
});

it('GraphiQL can be off, and nothing else with it', async () => {
  const { own } = await both({ documents: { graphiql: 'off' } });
  const statusOf = async (path: string) => (await fetch(new URL(path, own.url))).status;
  expect([await statusOf('/'), await statusOf('/graphiql/app.js'), await statusOf('/healthz'), await statusOf('/readyz')]).toEqual([
    404, 404, 200, 200,
  ]);
  const { own: open } = await both({});
  expect((await fetch(new URL('/', open.url))).status).toBe(200);
});
