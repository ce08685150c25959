import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type WebSocket from 'ws';
import type { Router } from './router.ts';
import { until } from './testing/ask.ts';
import { clientOf, listen } from './testing/listen.ts';
import { type Shop, shop } from './testing/shop.ts';

const SHORT = 'subscription { orderChanged { status } }';
type Pong = { expiresAt?: number; error?: { code: string } };

describe("a token's renewal on the socket", () => {
  let world: Shop;
  let router: Router;
  const clients: ReturnType<typeof clientOf>[] = [];
  beforeAll(async () => {
    world = await shop();
    router = await world.router({ upstreamIdleMs: 50 });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.dispose();
    await until(() => world.events.listeners === 0, 'no subscription left at the subgraph');
  });
  afterAll(() => world.close());

  async function subscribe(authorization?: string) {
    let socket: WebSocket | undefined;
    const pongs: Pong[] = [];
    const closed: number[] = [];
    const client = clientOf(router.url, {
      ...(authorization ? { connectionParams: { authorization } } : {}),
      lazyCloseTimeout: 5_000,
      on: {
        connected: (connected) => {
          socket = connected as WebSocket;
        },
        pong: (received, payload) => void (received && pongs.push((payload ?? {}) as Pong)),
        closed: (event) => void closed.push((event as { code: number }).code),
      },
    });
    clients.push(client);
    const listener = listen(client, { query: SHORT });
    await until(() => world.events.listeners === 1);
    return {
      listener,
      closed,
      async ping(payload?: object): Promise<Pong | undefined> {
        const before = pongs.length;
        socket?.send(JSON.stringify({ type: 'ping', ...(payload ? { payload } : {}) }));
        await until(() => pongs.length > before);
        return pongs.at(-1);
      },
    };
  }
  const bearer = async (claims: object, expiresIn = 900) => `Bearer ${await world.keys.token({ ...claims }, { expiresIn })}`;
  const TOLERANCE_SECONDS = 5;

  it('lets subscriptions go on', async () => {
    const expiresIn = 3 - TOLERANCE_SECONDS;
    const { listener, closed, ping } = await subscribe(await bearer({ sub: 'kim' }, expiresIn));
    const expiresAt = Date.now() + 3_000;
    const pong = await ping({ authorization: await bearer({ sub: 'kim' }) });
    expect(pong?.expiresAt).toBeGreaterThan(expiresAt);
    await until(() => Date.now() > expiresAt, 'the first token has expired');
    world.events.publish({ orderId: '1', status: 'S1', cursor: 'c1' });
    await listener.got(1);
    expect([listener.end(), closed]).toEqual([undefined, []]);
  });

  it('counts until the new token expires', async () => {
    const { listener, closed, ping } = await subscribe(await bearer({ sub: 'kim' }));
    await ping({ authorization: await bearer({ sub: 'kim' }, 2 - TOLERANCE_SECONDS) });
    expect(await listener.ended()).toMatchObject({ kind: 'errors', errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    await until(() => closed.length === 1);
    expect(closed).toEqual([4401]);
  });

  it.each([
    ['of another account', async () => bearer({ sub: 'lee' })],
    ['with other roles', async () => bearer({ sub: 'kim', roles: ['ADMIN'] })],
    ['that is not valid', async () => 'Bearer a.b.c'],
  ])('does not take a token %s, and keeps the one before', async (_, make) => {
    const { listener, ping } = await subscribe(await bearer({ sub: 'kim' }));
    expect(await ping({ authorization: await make() })).toMatchObject({ error: { code: 'UNAUTHENTICATED' } });
    world.events.publish({ orderId: '1', status: 'S1', cursor: 'c1' });
    await listener.got(1);
  });

  it('leaves other pings as they are', async () => {
    const { ping } = await subscribe();
    expect(await ping()).toEqual({});
    expect(await ping({ hello: 1 })).toEqual({ hello: 1 });
    expect(await ping({ authorization: await bearer({ sub: 'kim' }) })).toMatchObject({ error: { code: 'UNAUTHENTICATED' } });
  });
});
