import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Router } from './router.ts';
import { versionOf } from './supergraph/edition.ts';
import { ask, until } from './testing/ask.ts';
import { type Shop, shop } from './testing/shop.ts';

const PAGE = '{ order(id: "1") { status book { title } customer { name } } }';

describe.each(['own', 'apollo'] as const)('queries and mutations, front %s', (front) => {
  let world: Shop;
  let router: Router;
  beforeAll(async () => {
    world = await shop();
    router = await world.router({}, front);
  });
  afterAll(() => world.close());

  it('answers a query over three subgraphs', async () => {
    const { status, data, errors } = await ask(router.url, PAGE);
    expect(errors).toEqual([]);
    expect(data).toEqual({ order: { status: 'PAID', book: { title: 'Title of book-1' }, customer: { name: 'Name of customer-1' } } });
    expect(status).toBe(200);
  });

  it('carries out a mutation with variables', async () => {
    const query = 'mutation ($input: PlaceOrder!) { placeOrder(input: $input) { id book { title } } }';
    const { data } = await ask(router.url, query, { variables: { input: { bookId: 'b9' } } });
    expect(data).toEqual({ placeOrder: { id: '3', book: { title: 'Title of b9' } } });
  });

  it('answers a GET with a query, and refuses a mutation by GET', async () => {
    const get = (query: string) =>
      fetch(`${router.url}?${new URLSearchParams({ query })}`, { headers: { 'apollo-require-preflight': 'yes' } });
    expect(await (await get('{ orders { id } }')).json()).toEqual({ data: { orders: [{ id: '1' }, { id: '2' }] } });
    expect((await get('mutation { placeOrder(input: { bookId: "1" }) { id } }')).status).toBe(405);
    const browser = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)' };
    expect((await fetch(`${router.url}?query={orders{id}}`, { headers: browser })).status).toBe(400);
  });

  it('lets a refusal through with message, path, code and details', async () => {
    const { status, errors } = await ask(router.url, '{ refused(field: "address.city") }');
    expect(status).toBe(200);
    expect(errors).toEqual([
      { message: 'Not like that.', path: ['refused'], extensions: { code: 'BAD_INPUT', field: 'address.city', retryAfterSeconds: 7 } },
    ]);
  });

  it('gives a refusal about an entity its path', async () => {
    const { data, errors, text } = await ask(router.url, '{ orders { id book { title required } } }');
    // That it is null where null is not allowed is said by the refusal.
    expect(text).not.toContain('valueCompletion');
    expect(data.orders[1]).toEqual({ id: '2', book: null });
    expect(errors.map(({ path }) => path)).toEqual([
      ['orders', 0, 'book', 'required'],
      ['orders', 1, 'book', 'required'],
    ]);
    expect(errors[0]?.extensions).toEqual({ code: 'NOT_FOUND' });
  });

  it('masks an internal error and logs it with the correlation id that the client gets', async () => {
    const { errors, text, headers } = await ask(router.url, '{ secret }', { headers: { 'x-correlation-id': 'correlation-4711' } });
    expect(errors[0]?.message).toBe('Internal error');
    expect(errors[0]?.extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR', correlationId: 'correlation-4711' });
    expect(headers.get('x-correlation-id')).toBe('correlation-4711');
    expect(text).not.toMatch(/10\.0\.0\.7|orders|stack/);
    expect(
      world.lines.some(({ correlationId, err }) => correlationId === 'correlation-4711' && JSON.stringify(err).includes('10.0.0.7')),
    ).toBe(true);
  });

  it("continues the client's trace", async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const headers = { 'x-correlation-id': 'correlation-1', traceparent: `00-${trace}-00f067aa0ba902b7-01` };
    const { data } = await ask(router.url, '{ trail }', { headers });
    expect(data.trail).toMatch(new RegExp(`^correlation-1 00-${trace}-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$`));
  });

  it('refuses a body that is too large, of another type, or no JSON, saying so', async () => {
    const post = async (body: string, type = 'application/json') => {
      const response = await fetch(router.url, { method: 'POST', body, headers: { 'content-type': type } });
      return [response.status, ((await response.json()) as { errors: { message: string }[] }).errors[0]?.message];
    };
    expect(await post(JSON.stringify({ query: `{ orders { id } } #${'x'.repeat(2 ** 20)}` }))).toEqual([
      413,
      'The body is larger than the 1048576 bytes that are allowed.',
    ]);
    expect(await post('{ orders { id } }', 'text/plain')).toEqual([415, 'A POST body must have the content type application/json.']);
    expect(await post('{')).toEqual([400, 'The body is not JSON.']);
  });

  it('refuses a subscription by HTTP and an unknown operation name', async () => {
    const { status, errors } = await ask(router.url, 'subscription { orderChanged { status } }');
    expect([status, errors[0]?.extensions.code]).toEqual([400, 'BAD_REQUEST']);
    const response = await fetch(router.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body: JSON.stringify({ query: 'query A { orders { id } }', operationName: 'B' }),
    });
    expect(response.status).toBe(400);
  });

  it('tells browsers that any page may ask', async () => {
    const response = await fetch(router.url, { method: 'OPTIONS' });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-headers')).toContain('authorization');
  });

  it('counts what it does', async () => {
    const text = await (await fetch(new URL('/metrics', router.url))).text();
    expect(text).toMatch(/madang_router_requests_total\{[^}]*operation="query",outcome="ok"[^}]*\} \d+/);
    expect(text).toMatch(/madang_router_fetch_duration_seconds_count\{[^}]*subgraph="orders"/);
  });

  it('stops reading for a client that hangs up', async () => {
    const metrics = async () => (await fetch(new URL('/metrics', router.url))).text();
    const { signal, abort } = controlled();
    const request = fetch(router.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ slow }"}',
      signal,
    });
    await until(() => world.slow.length === 1);
    abort();
    await expect(request).rejects.toThrow();
    await until(async () => /fetch_errors_total\{[^}]*reason="(AbortError|UND_ERR_ABORTED)"/.test(await metrics()));
  });
});

function controlled() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

describe('a subgraph that is down', () => {
  let world: Shop;
  beforeAll(async () => {
    world = await shop();
  });
  afterAll(() => world.close());

  it('is missed at start without harm: partial data, and the whole when it is back', async () => {
    await world.books.crash();
    const router = await world.router();
    const { status, data, errors, text } = await ask(router.url, PAGE);
    expect(status).toBe(200);
    expect(data).toEqual({ order: { status: 'PAID', book: null, customer: { name: 'Name of customer-1' } } });
    expect(errors).toEqual([
      {
        message: '"title" is not available at the moment. 잠시 후 다시 시도해 주세요.',
        path: ['order', 'book', 'title'],
        extensions: { code: 'TRY_AGAIN_LATER', field: 'title', retryAfterSeconds: 2 },
      },
    ]);
    expect(text).not.toContain('127.0.0.1');
    const ready = await fetch(new URL('/readyz', router.url));
    expect([ready.status, await ready.json()]).toEqual([
      200,
      {
        ready: true,
        subgraphs: { orders: 'ready', books: 'unreachable', customers: 'ready' },
        supergraph: { version: versionOf(world.supergraph()), source: 'given', loadedAt: expect.any(String) },
      },
    ]);
    await world.books.start();
    expect((await ask(router.url, PAGE)).errors).toEqual([]);
  });

  it('answers after a restart of a subgraph, whatever connections were kept', async () => {
    const router = await world.router();
    await ask(router.url, PAGE);
    await world.orders.crash();
    await world.orders.start();
    expect((await ask(router.url, PAGE)).errors).toEqual([]);
  });

  it('does not say that a mutation was not done when nobody knows', async () => {
    const router = await world.router({ fetchTimeoutMs: 300 });
    const { errors } = await ask(router.url, '{ slow }');
    expect(errors[0]?.extensions).toEqual({ code: 'TRY_AGAIN_LATER', field: 'slow', retryAfterSeconds: 2 });
    const unknown = await ask(router.url, 'mutation { placeSlowly }');
    expect(unknown.errors[0]?.extensions).toEqual({ code: 'SUBGRAPH_UNAVAILABLE', field: 'placeSlowly', retryAfterSeconds: 2 });
    expect(world.orders.requests.filter(({ query }) => query.includes('placeSlowly'))).toHaveLength(1);
    await world.orders.crash();
    const refused = await ask(router.url, 'mutation { placeOrder(input: { bookId: "1" }) { id } }');
    expect(refused.errors[0]?.extensions.code).toBe('TRY_AGAIN_LATER');
    await world.orders.start();
  });

  it('is not ready when none can be reached', async () => {
    const router = await world.router();
    const toys = [world.orders, world.books, world.customers];
    await Promise.all(toys.map((toy) => toy.crash()));
    const ready = await fetch(new URL('/readyz', router.url));
    expect([ready.status, ((await ready.json()) as { reason: string }).reason]).toEqual([503, 'no subgraph can be reached']);
    expect((await fetch(new URL('/healthz', router.url))).status).toBe(200);
    await Promise.all(toys.map((toy) => toy.start()));
  });
});
