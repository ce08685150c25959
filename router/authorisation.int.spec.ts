import { createClient } from 'graphql-sse';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Router } from './router.ts';
import { ask, until } from './testing/ask.ts';
import { clientOf, listen } from './testing/listen.ts';
import { type Shop, shop } from './testing/shop.ts';

const guarded = ({ sdl: { orders = '' } }: Shop): string =>
  orders
    .replace('import: ["@key"]', 'import: ["@key", "@authenticated", "@requiresScopes"]')
    .replace('who: String!', 'who: String @authenticated')
    .replace('order(id: ID!): Order', 'order(id: ID!): Order @requiresScopes(scopes: [["role:MANAGER"], ["read:orders"]])')
    .replace('placeSlowly: String', 'placeSlowly: String @requiresScopes(scopes: [["role:ADMIN"]])')
    .replace('after: String): OrderChange!', 'after: String): OrderChange! @authenticated')
    .replace('padding: String order', 'padding: String @requiresScopes(scopes: [["read:padding"]]) order');

const CHANGES = 'subscription { changed: orderChanged { status padding } }';
const REFUSED = { message: 'Sign in first.', path: ['changed'], extensions: { code: 'UNAUTHENTICATED' } };

describe.each(['own', 'apollo'] as const)('who may ask, front %s', (front) => {
  let world: Shop;
  let router: Router;
  const clients: ReturnType<typeof clientOf>[] = [];
  beforeAll(async () => {
    world = await shop();
    router = await world.router({ upstreamIdleMs: 50, resumeFirstMs: 5, resumeLongestMs: 20 }, front);
    await router.reload({ supergraphSdl: world.supergraph({ orders: guarded(world) }), subgraphs: world.subgraphs });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.dispose();
    await until(() => world.events.listeners === 0, 'no subscription left at the subgraph');
    world.subscribed.length = 0;
  });
  afterAll(() => world.close());

  const bearer = async (claims?: object) => ({ authorization: `Bearer ${await world.keys.token({ ...claims })}` });
  const connect = async (claims?: object) => {
    const client = clientOf(router.url, claims ? { connectionParams: await bearer(claims) } : {});
    clients.push(client);
    return client;
  };
  const requests = () => world.orders.requests.length;

  it('is told in the answer to a query, and the subgraph is not asked', async () => {
    const before = requests();
    const { status, data, errors } = await ask(router.url, '{ who order(id: "1") { status } }');
    expect({ status, data }).toEqual({ status: 200, data: { who: null, order: null } });
    expect(errors).toEqual([
      { message: 'Sign in first.', path: ['who'], extensions: { code: 'UNAUTHENTICATED' } },
      { message: 'Sign in first.', path: ['order'], extensions: { code: 'UNAUTHENTICATED' } },
    ]);
    expect(requests()).toBe(before);
  });

  it('is decided by roles, and by the scopes of the token, which give no role', async () => {
    const of = async (claims: object) => {
      const { data, errors } = await ask(router.url, '{ who order(id: "1") { status } }', { headers: await bearer(claims) });
      return [data.order?.status ?? null, ...errors.map(({ path, extensions }) => [path?.join('.'), extensions.code])];
    };
    expect(await of({ roles: ['MANAGER'] })).toEqual(['PAID']);
    expect(await of({ scope: 'openid read:orders' })).toEqual(['PAID']);
    expect(await of({ scope: ['read:orders'] })).toEqual(['PAID']);
    expect(await of({ scope: 'role:MANAGER' })).toEqual([null, ['order', 'FORBIDDEN']]);
    expect(await of({})).toEqual([null, ['order', 'FORBIDDEN']]);
  });

  it('lets no mutation through that is not allowed', async () => {
    const before = requests();
    const { data, errors } = await ask(router.url, 'mutation { placeSlowly }', { headers: await bearer({}) });
    expect([data, errors]).toEqual([
      { placeSlowly: null },
      [{ message: 'This needs the role ADMIN.', path: ['placeSlowly'], extensions: { code: 'FORBIDDEN' } }],
    ]);
    expect(requests()).toBe(before);
  });

  it('is told over a WebSocket before the subgraph hears of a subscription', async () => {
    expect(await listen(await connect(), { query: CHANGES }).ended()).toEqual({ kind: 'errors', errors: [REFUSED] });
    expect(world.subscribed).toEqual([]);
  });

  it('is told in an event stream and in parts', async () => {
    const stream = createClient({ url: router.url, retryAttempts: 0 });
    const told = await new Promise((resolve) =>
      stream.subscribe({ query: CHANGES }, { next: resolve, error: resolve, complete: () => resolve(undefined) }),
    );
    expect(JSON.stringify(told)).toContain('UNAUTHENTICATED');
    stream.dispose();
    const accept = 'multipart/mixed;boundary="graphql";subscriptionSpec="1.0",application/json';
    const parts = await fetch(router.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify({ query: CHANGES }),
    });
    expect(await parts.text()).toContain('UNAUTHENTICATED');
    expect(world.subscribed).toEqual([]);
  });

  it('keeps subscriptions apart that are the same but for the rights', async () => {
    const all = [{}, {}, { scope: 'read:padding' }, { roles: ['CUSTOMER', 'MANAGER'] }];
    const [kim, again, reader, manager] = await Promise.all(
      all.map(async (claims) => listen(await connect({ sub: 'kim', ...claims }), { query: CHANGES })),
    );
    await until(() => world.events.listeners === 3, 'three at the subgraph');
    world.events.publish({ orderId: '1', status: 'PAID', cursor: 'c1', padding: 'secret' });
    const refused = {
      data: { changed: { status: 'PAID', padding: null } },
      errors: [{ path: ['changed', 'padding'], extensions: { code: 'FORBIDDEN' } }],
    };
    expect(await kim?.got(1)).toMatchObject([refused]);
    expect(await again?.got(1)).toMatchObject([refused]);
    expect(await manager?.got(1)).toMatchObject([refused]);
    expect(await reader?.got(1)).toEqual([{ data: { changed: { status: 'PAID', padding: 'secret' } } }]);
  });

  it('ends a subscription that another schema does not allow any more, and lets the others go on', async () => {
    const other = await world.router({ upstreamIdleMs: 50, drainMs: 100 }, front);
    const of = async (claims?: object) => {
      const client = clientOf(other.url, claims ? { connectionParams: await bearer(claims) } : {});
      clients.push(client);
      return listen(client, { query: CHANGES });
    };
    const [nobody, kim] = [await of(), await of({ scope: 'read:padding' })];
    await until(() => world.events.listeners === 2, 'two at the subgraph');
    await other.reload({ supergraphSdl: world.supergraph({ orders: guarded(world) }), subgraphs: world.subgraphs });
    expect(await nobody.ended()).toMatchObject({ kind: 'errors', errors: [{ extensions: { code: 'SCHEMA_CHANGED' } }] });
    world.events.publish({ orderId: '1', status: 'SENT', cursor: 'c1', padding: 'secret' });
    expect(await kim.got(1)).toEqual([{ data: { changed: { status: 'SENT', padding: 'secret' } } }]);
  });
});
