import { GraphQLError } from 'graphql';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Router } from './router.ts';
import { until } from './testing/ask.ts';
import { clientOf, type Listener, listen } from './testing/listen.ts';
import { type Shop, shop } from './testing/shop.ts';

const FULL = 'subscription { changes: orderChanged { status order { id book { title } } } }';

describe("over a subgraph's restart", () => {
  let world: Shop;
  let router: Router;
  let client: ReturnType<typeof clientOf>;
  beforeAll(async () => {
    world = await shop();
    router = await world.router({ upstreamIdleMs: 50, queuedResults: 8, resumeFirstMs: 5, resumeLongestMs: 20 });
  });
  beforeEach(() => {
    client = clientOf(router.url);
  });
  afterEach(async () => {
    await client.dispose();
    await until(() => world.events.listeners === 0, 'no subscription left at the subgraph');
    world.subscribed.length = 0;
    world.behaviour.forgetful = false;
  });
  afterAll(() => world.close());

  let published = 0;
  const publish = (count = 1) => {
    for (let n = 0; n < count; n++) {
      published++;
      world.events.publish({ orderId: String(published), status: `S${published}`, cursor: `c${published}` });
    }
  };
  const subscribed = () => until(() => world.events.listeners === 1, 'subscribed');
  const left = () => until(() => world.events.listeners === 0, 'left');
  const statuses = ({ results }: Listener) => results.map(({ data }) => (data as { changes: { status: string } }).changes.status);
  const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => `S${from + n}`);

  it('nothing is missed and nothing comes twice, although the client did not select the cursor', async () => {
    const first = published + 1;
    const listener = listen(client, { query: FULL });
    await subscribed();
    publish(2);
    await listener.got(2);
    for (let restarts = 0; restarts < 3; restarts++) {
      await world.orders.crash();
      await left();
      publish(3);
      await world.orders.start();
      await subscribed();
      publish();
      await listener.got(2 + (restarts + 1) * 4);
    }
    expect(statuses(listener)).toEqual(range(first, published));
    expect(listener.results[0]?.data).toEqual({
      changes: { status: `S${first}`, order: { id: String(first), book: { title: `Title of book-${first}` } } },
    });
    expect(listener.end()).toBeUndefined();
  });

  it.each([1000, 1001, 1012, 4500])('nothing is missed when the subgraph closes its socket with %i', async (code) => {
    const first = published + 1;
    const listener = listen(client, { query: FULL });
    await subscribed();
    publish();
    await listener.got(1);
    world.orders.closeSockets(code);
    publish(2);
    await listener.got(3);
    expect(statuses(listener)).toEqual(range(first, published));
  });

  it('goes on where a subgraph that goes away says, also before the first event', async () => {
    publish();
    const last = published;
    const listener = listen(client, { query: FULL });
    await subscribed();
    world.events.fail(new GraphQLError('This server stops.', { extensions: { code: 'GOING_AWAY', resumeAfter: `c${last}` } }));
    await until(() => world.subscribed.length === 2, 'subscribed again');
    publish();
    await listener.got(1);
    expect(statuses(listener)).toEqual(range(last + 1, published));
    expect(world.subscribed.at(-1)).toMatchObject({ after: `c${last}` });
  });

  it("begins with the client's own cursor, given as a variable, and goes on from there", async () => {
    publish(3);
    const from = published - 1;
    const query = 'subscription ($after: String) { changes: orderChanged(after: $after) { status cursor } }';
    const listener = listen(client, { query, variables: { after: `c${from}` } });
    await listener.got(1);
    expect(listener.results[0]?.data).toEqual({ changes: { status: `S${published}`, cursor: `c${published}` } });
    await world.orders.crash();
    await left();
    publish();
    await world.orders.start();
    await listener.got(2);
    expect(statuses(listener)).toEqual(range(from + 1, published));
  });

  it('ends with a code, and the cursor, where the subgraph does not know the cursor any more', async () => {
    const listener = listen(client, { query: FULL });
    await subscribed();
    publish();
    await listener.got(1);
    world.behaviour.forgetful = true;
    world.orders.closeSockets(1001);
    expect(await listener.ended()).toMatchObject({
      kind: 'errors',
      errors: [{ extensions: { code: 'SUBSCRIPTION_INTERRUPTED', resumeAfter: `c${published}` } }],
    });
  });

  it('ends with a code where nothing was told yet, so that nobody knows where to go on', async () => {
    const listener = listen(client, { query: FULL });
    await subscribed();
    world.orders.closeSockets(1001);
    expect(await listener.ended()).toMatchObject({ kind: 'errors', errors: [{ extensions: { code: 'SUBSCRIPTION_INTERRUPTED' } }] });
  });

  it('ends with a code where events have no cursor', async () => {
    const listener = listen(client, { query: 'subscription { other }' });
    await subscribed();
    publish();
    await listener.got(1);
    world.orders.closeSockets(1001);
    expect(await listener.ended()).toMatchObject({ kind: 'errors', errors: [{ extensions: { code: 'SUBSCRIPTION_INTERRUPTED' } }] });
  });

  it('ends with a code when the subgraph does not come back in time', async () => {
    const impatient = await world.router({ resumeFirstMs: 5, resumeLongestMs: 10, resumeForMs: 100 });
    const other = clientOf(impatient.url);
    const listener = listen(other, { query: FULL });
    await subscribed();
    publish();
    await listener.got(1);
    await world.orders.crash();
    expect(await listener.ended()).toMatchObject({
      errors: [{ extensions: { code: 'SUBSCRIPTION_INTERRUPTED', resumeAfter: `c${published}` } }],
    });
    await other.dispose();
    await world.orders.start();
  });

  it('reads on where it was when events come faster than they are filled in', async () => {
    const first = published + 1;
    const listener = listen(client, { query: FULL });
    await subscribed();
    publish(1);
    await listener.got(1);
    publish(8 * 5);
    await listener.got(41);
    expect(statuses(listener)).toEqual(range(first, published));
  });

  it('lets go of a subgraph that is away when the client leaves', async () => {
    const listener = listen(client, { query: FULL });
    await subscribed();
    publish();
    await listener.got(1);
    await world.orders.crash();
    listener.stop();
    await world.orders.start();
    const gauge = async () =>
      /upstream_subscriptions_open\{[^}]*\} (\d+)/.exec(await (await fetch(new URL('/metrics', router.url))).text())?.[1];
    await until(async () => (await gauge()) === '0', 'no upstream subscription');
    expect(world.events.listeners).toBe(0);
  });
});
