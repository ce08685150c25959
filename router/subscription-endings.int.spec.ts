import { GraphQLError } from 'graphql';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type WebSocket from 'ws';
import type { Router } from './router.ts';
import { until } from './testing/ask.ts';
import { clientOf, listen } from './testing/listen.ts';
import { type Shop, shop } from './testing/shop.ts';

const SHORT = 'subscription { orderChanged { status cursor } }';

describe('the end of a subscription', () => {
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
    router = await world.router({ upstreamIdleMs: 50, queuedResults: 8, resumeForMs: 0 });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.dispose();
    await until(() => world.events.listeners === 0, 'no subscription left at the subgraph');
    world.subscribed.length = 0;
  });
  afterAll(() => world.close());

  const publish = (n: number | string, padding?: string) =>
    world.events.publish({ orderId: String(n), status: `S${n}`, cursor: `c${n}`, ...(padding ? { padding } : {}) });

  it('ends with SUBSCRIPTION_INTERRUPTED when the subgraph crashes, and works again when it is back', async () => {
    const client = connect();
    const [known, unknown] = [listen(client, { query: SHORT }), listen(client, { query: SHORT })];
    await until(() => world.events.listeners === 1);
    publish(5);
    await known.got(1);
    await unknown.got(1);
    await world.orders.crash();
    expect(await known.ended()).toMatchObject({
      kind: 'errors',
      errors: [
        {
          message: 'The subscription was interrupted: resubscribe with `after: "c5"`.',
          extensions: { code: 'SUBSCRIPTION_INTERRUPTED', resumeAfter: 'c5' },
        },
      ],
    });
    const down = listen(client, { query: SHORT });
    expect(await down.ended()).toMatchObject({ errors: [{ extensions: { code: 'TRY_AGAIN_LATER', retryAfterSeconds: 2 } }] });
    await until(() => world.events.listeners === 0);
    await world.orders.start();
    const again = listen(client, { query: SHORT });
    await until(() => world.events.listeners === 1);
    publish(6);
    await again.got(1);
  });

  it.each([1000, 1001, 1012])('does not take the closing of the upstream socket (%i) for an end', async (code) => {
    const listener = listen(connect(), { query: SHORT });
    await until(() => world.events.listeners === 1);
    world.orders.closeSockets(code);
    expect(await listener.ended()).toMatchObject({ errors: [{ extensions: { code: 'SUBSCRIPTION_INTERRUPTED' } }] });
  });

  it('takes a completion that the upstream socket survives for an end, and one that it does not for an interruption', async () => {
    const client = connect();
    const listener = listen(client, { query: SHORT });
    await until(() => world.events.listeners === 1);
    world.events.complete();
    expect(await listener.ended()).toEqual({ kind: 'complete' });
    const other = listen(client, { query: SHORT });
    await until(() => world.events.listeners === 1);
    world.events.complete();
    await until(() => world.events.listeners === 0);
    world.orders.closeSockets(1001);
    expect(await other.ended()).toMatchObject({ kind: 'errors' });
  });

  it('ends with SUBSCRIPTION_INTERRUPTED when the subgraph goes away in good order', async () => {
    const listener = listen(connect(), { query: SHORT });
    await until(() => world.events.listeners === 1);
    world.events.fail(new GraphQLError('This server stops.', { extensions: { code: 'GOING_AWAY', resumeAfter: 'c3' } }));
    expect(await listener.ended()).toMatchObject({
      errors: [{ extensions: { code: 'SUBSCRIPTION_INTERRUPTED', resumeAfter: 'c3', retryAfterSeconds: 1 } }],
    });
  });

  it('cuts a slow client off, telling where to resume, while others on the same upstream go on', async () => {
    const fast = listen(connect(), { query: SHORT });
    let socket: WebSocket | undefined;
    const slow = listen(connect(router.url, { on: { opened: (opened) => (socket = opened as WebSocket) } }), {
      query: 'subscription { orderChanged { cursor padding } }',
    });
    await until(() => world.events.listeners === 2);
    expect(world.orders.sockets()).toBe(1);
    socket?.pause();
    const padding = 'x'.repeat(512 * 1024);
    let sent = 0;
    while (world.events.listeners === 2 && sent < 200) {
      publish(++sent, padding);
      await fast.got(sent);
    }
    await until(() => world.events.listeners === 1, 'the slow one released');
    socket?.resume();
    const end = await slow.ended();
    const last = slow.results.at(-1)?.data?.orderChanged as { cursor: string };
    expect(end).toMatchObject({ kind: 'errors', errors: [{ extensions: { code: 'SLOW_CONSUMER', resumeAfter: last.cursor } }] });
    expect(fast.results).toHaveLength(sent);
    publish('on');
    await fast.got(sent + 1);
    expect(fast.end()).toBeUndefined();
  });

  it('ends when the token expires, and closes the socket with 4401', async () => {
    const closed: number[] = [];
    const token = await world.keys.token({}, { expiresIn: -2 });
    const client = connect(router.url, {
      connectionParams: { authorization: `Bearer ${token}` },
      lazyCloseTimeout: 5_000,
      on: { closed: (event) => void closed.push((event as { code: number }).code) },
    });
    const listener = listen(client, { query: SHORT });
    expect(await listener.ended()).toMatchObject({ kind: 'errors', errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    await until(() => closed.length === 1);
    expect(closed).toEqual([4401]);
  });

  it('sends clients away with 1001 when it closes, and waits for running requests', async () => {
    const other = await world.router();
    const listener = listen(connect(other.url), { query: SHORT });
    await until(() => world.events.listeners === 1);
    const running = fetch(other.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":"{ slow }"}' });
    await until(() => world.slow.length > 0);
    const closed = other.close();
    expect(await listener.ended()).toMatchObject({ kind: 'closed', code: 1001 });
    for (const finish of world.slow) finish();
    expect(await (await running).json()).toEqual({ data: { slow: 'at last' } });
    await closed;
    await expect(fetch(other.url)).rejects.toThrow();
  });
});
