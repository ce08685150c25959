import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Router } from './router.ts';
import { until } from './testing/ask.ts';
import { clientOf, listen } from './testing/listen.ts';
import { type Shop, shop } from './testing/shop.ts';

const CHANGED =
  'subscription Changed($id: ID, $after: String) { orderChanged(id: $id, after: $after) { status cursor order { id book { title } customer { name } } } }';
const OWN = 'subscription ($id: ID) { orderChanged(id: $id) { status cursor } }';
const SHORT = 'subscription { orderChanged { status cursor } }';

describe('federated subscriptions', () => {
  let world: Shop;
  let router: Router;
  const clients: ReturnType<typeof clientOf>[] = [];
  const connect = (...args: Parameters<typeof clientOf> | []) => {
    const client = clientOf(args[0] ?? router.url, args[1]);
    clients.push(client);
    return client;
  };
  beforeAll(async () => {
    world = await shop();
    router = await world.router({ upstreamIdleMs: 50, queuedResults: 8 });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.dispose();
    await until(() => world.events.listeners === 0, 'no subscription left at the subgraph');
    world.subscribed.length = 0;
  });
  afterAll(() => world.close());

  const publish = (n: number | string, padding?: string) =>
    world.events.publish({ orderId: String(n), status: `S${n}`, cursor: `c${n}`, ...(padding ? { padding } : {}) });

  it('fills events in with fields of other subgraphs', async () => {
    const listener = listen(connect(), { query: CHANGED });
    await until(() => world.events.listeners === 1);
    publish(1);
    publish(2);
    expect(await listener.got(2)).toEqual(
      ['1', '2'].map((n) => ({
        data: {
          orderChanged: {
            status: `S${n}`,
            cursor: `c${n}`,
            order: { id: n, book: { title: `Title of book-${n}` }, customer: { name: `Name of customer-${n}` } },
          },
        },
      })),
    );
  });

  it('forwards variables and who asks', async () => {
    const client = connect(router.url, { connectionParams: { authorization: `Bearer ${await world.keys.token({ sub: 'kim' })}` } });
    listen(client, { query: CHANGED, variables: { id: '7', after: 'c6' } });
    await until(() => world.subscribed.length === 1);
    const [asked] = world.subscribed;
    expect(asked).toMatchObject({ id: '7', after: 'c6' });
    expect(JSON.parse(Buffer.from(asked?.token?.split('.')[1] ?? '', 'base64url').toString())).toMatchObject({
      sub: 'kim',
      roles: ['CUSTOMER'],
    });
  });

  it('shares one upstream socket among all subscriptions, and releases what clients leave', async () => {
    const client = connect();
    const listeners = Array.from({ length: 50 }, (_, n) => listen(client, { query: OWN, variables: { id: String(n) } }));
    await until(() => world.events.listeners === 50);
    expect(world.orders.sockets()).toBe(1);
    publish(1);
    for (const listener of listeners) expect((await listener.got(1))[0]?.data).toEqual({ orderChanged: { status: 'S1', cursor: 'c1' } });
    for (const listener of listeners.slice(0, 20)) listener.stop();
    await until(() => world.events.listeners === 30);
    await client.dispose();
    await until(() => world.events.listeners === 0);
    await until(() => world.orders.sockets() === 0);
  });

  it('carries on when another subgraph fails: partial data and errors for that event', async () => {
    const listener = listen(connect(), { query: CHANGED });
    await until(() => world.events.listeners === 1);
    await world.books.crash();
    publish(1);
    const [first] = await listener.got(1);
    expect(first?.data).toMatchObject({ orderChanged: { status: 'S1', order: { book: null, customer: { name: 'Name of customer-1' } } } });
    expect(first?.errors).toMatchObject([
      { path: ['orderChanged', 'order', 'book', 'title'], extensions: { code: 'TRY_AGAIN_LATER', field: 'title' } },
    ]);
    await world.books.start();
    publish(2);
    expect((await listener.got(2))[1]?.errors).toBeUndefined();
  });

  it.each([
    ['', CHANGED],
    [
      ', with its path also where the field is in a fragment',
      'subscription($id: ID) { ...F } fragment F on Subscription { orderChanged(id: $id) { status } }',
    ],
  ])("hands the subgraph's refusal on%s", async (_, query) => {
    const listener = listen(connect(), { query, variables: { id: 'theirs' } });
    expect(await listener.ended()).toEqual({
      kind: 'errors',
      errors: [{ message: 'Order was not found.', path: ['orderChanged'], extensions: { code: 'NOT_FOUND' } }],
    });
  });

  it('answers what is wrong with the document or the variables', async () => {
    const client = connect();
    const codeOf = async (query: string, variables = {}) => {
      const end = await listen(client, { query, variables }).ended();
      return end.kind === 'errors' ? end.errors[0]?.extensions : end;
    };
    expect(await codeOf('subscription { nothing }')).toEqual({ code: 'GRAPHQL_VALIDATION_FAILED' });
    expect(await codeOf('subscription {')).toEqual({ code: 'GRAPHQL_PARSE_FAILED' });
    expect(await codeOf(CHANGED, { id: { not: 'an id' } })).toEqual({ code: 'BAD_USER_INPUT' });
  });

  it('answers queries and mutations over the same socket', async () => {
    const client = connect();
    const query = listen(client, { query: '{ order(id: "1") { book { title } } refused(field: "x") }' });
    expect(await query.ended()).toEqual({ kind: 'complete' });
    expect(query.results).toEqual([
      {
        data: { order: { book: { title: 'Title of book-1' } }, refused: null },
        errors: [{ message: 'Not like that.', path: ['refused'], extensions: { code: 'BAD_INPUT', field: 'x', retryAfterSeconds: 7 } }],
      },
    ]);
    const mutation = listen(client, {
      query: 'mutation ($b: ID!) { placeOrder(input: { bookId: $b }) { book { title } } }',
      variables: { b: 'b2' },
    });
    await mutation.ended();
    expect(mutation.results).toEqual([{ data: { placeOrder: { book: { title: 'Title of b2' } } } }]);
  });

  it('gives a query up that the client does not want any more', async () => {
    const query = listen(connect(), { query: '{ slow }' });
    await until(() => world.slow.length === 1);
    query.stop();
    const metrics = async () => (await fetch(new URL('/metrics', router.url))).text();
    await until(async () => /fetch_errors_total\{[^}]*reason="(AbortError|UND_ERR_ABORTED)"/.test(await metrics()));
    expect(query.results).toEqual([]);
  });

  it('refuses a socket with a token that is not valid', async () => {
    const listener = listen(connect(router.url, { connectionParams: { authorization: 'Bearer not.a.token' } }), { query: SHORT });
    expect(await listener.ended()).toMatchObject({ kind: 'closed', code: 4401 });
  });
});
