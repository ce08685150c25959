import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Router } from './router.ts';
import { until } from './testing/ask.ts';
import { clientOf, listen } from './testing/listen.ts';
import { type Shop, shop } from './testing/shop.ts';

const AT_ONCE = 50;
const query = 'subscription ($id: ID) { orderChanged(id: $id) { status order { book { title } } } }';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

describe('a thousand clients that come and go', () => {
  let world: Shop;
  let router: Router;
  beforeAll(async () => {
    world = await shop();
    router = await world.router({ upstreamIdleMs: 20, keepAliveMs: 200 });
  });
  afterAll(() => world.close());

  async function gauges(): Promise<Record<string, number>> {
    const text = await (await fetch(new URL('/metrics', router.url))).text();
    const found = text.matchAll(/^madang_router_(\w+_open)(?:\{[^}]*\})? (\d+)$/gm);
    return Object.fromEntries([...found].map(([, name, value]) => [name, Number(value)]));
  }
  const idle = async () =>
    until(
      async () =>
        world.events.listeners === 0 && world.orders.sockets() === 0 && Object.values(await gauges()).every((value) => value === 0),
      'nothing open',
    );

  /** A client that leaves by the door, or without a word. */
  async function overWebSocket(n: number): Promise<void> {
    const client = clientOf(router.url);
    const listener = listen(client, { query, variables: { id: String(n % 5) } });
    await listener.got(1);
    if (n % 2) await client.dispose();
    else client.terminate();
  }

  async function overHttp(n: number): Promise<void> {
    const abort = new AbortController();
    const accept = n % 2 ? 'text/event-stream' : 'multipart/mixed;boundary="graphql";subscriptionSpec="1.0"';
    const response = await fetch(router.url, {
      method: 'POST',
      headers: { accept, 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables: { id: String(n % 5) } }),
      signal: abort.signal,
    });
    await event(response);
    abort.abort();
  }

  /** One stream for several operations, one of which is stopped before the client leaves. */
  async function overSharedStream(n: number): Promise<void> {
    const abort = new AbortController();
    const headers = { 'x-graphql-event-stream-token': await (await fetch(router.url, { method: 'PUT' })).text() };
    const stream = await fetch(router.url, { headers: { ...headers, accept: 'text/event-stream' }, signal: abort.signal });
    for (const operationId of ['1', '2'])
      await fetch(router.url, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables: { id: String(n % 5) }, extensions: { operationId } }),
      });
    await event(stream);
    await fetch(`${router.url}?operationId=1`, { method: 'DELETE', headers });
    abort.abort();
  }

  /** Reads up to an event. */
  async function event({ body }: Response): Promise<void> {
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    for (let text = ''; !text.includes('status'); ) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`it ended before an event: ${text}`);
      text += Buffer.from(value).toString();
    }
  }

  const visit = (n: number) => (n % 5 === 0 ? overHttp(n) : n % 25 === 1 ? overSharedStream(n) : overWebSocket(n));

  async function visits(count: number): Promise<void> {
    const publishing = setInterval(() => world.events.publish({ orderId: '1', status: 'S', cursor: String(Math.random()) }), 10);
    try {
      for (let done = 0; done < count; done += AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => visit(n)));
    } finally {
      clearInterval(publishing);
    }
    await idle();
  }

  /** Bytes, without what the toys remember. */
  const used = (): number => {
    world.events.forget();
    world.subscribed.length = 0;
    world.books.requests.length = 0;
    world.lines.length = 0;
    for (let times = 0; times < 3; times++) gc();
    return process.memoryUsage().heapUsed;
  };

  it('leave sockets, subscriptions and memory where they were', { timeout: 120_000 }, async () => {
    await visits(1_000);
    const before = used();
    await visits(1_000);
    expect(await gauges()).toEqual({
      sockets_open: 0,
      subscriptions_open: 0,
      upstream_subscriptions_open: 0,
      upstream_sockets_open: 0,
    });
    const leftOfEach = (used() - before) / 1_000;
    expect(leftOfEach).toBeLessThan(1_000);
  });
});
