import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Router } from './router.ts';
import { until } from './testing/ask.ts';
import { clientOf, listen } from './testing/listen.ts';
import { type Shop, shop } from './testing/shop.ts';

const FULL = 'subscription ($id: ID, $after: String) { orderChanged(id: $id, after: $after) { status cursor order { book { title } } } }';

const statusOf = ({ data }: { data?: unknown }): string => (data as { orderChanged: { status: string } }).orderChanged.status;

describe('subscriptions that are the same', () => {
  let world: Shop;
  let router: Router;
  const clients: ReturnType<typeof clientOf>[] = [];
  beforeAll(async () => {
    world = await shop();
    router = await world.router({ upstreamIdleMs: 50, resumeFirstMs: 5, resumeLongestMs: 20 });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.dispose();
    await until(() => world.events.listeners === 0, 'no subscription left at the subgraph');
    world.subscribed.length = 0;
  });
  afterAll(() => world.close());

  async function connect(sub?: string, roles?: string[]) {
    const params = sub
      ? { connectionParams: { authorization: `Bearer ${await world.keys.token({ sub, ...(roles ? { roles } : {}) })}` } }
      : {};
    const client = clientOf(router.url, params);
    clients.push(client);
    return client;
  }
  let published = 0;
  const publish = () => world.events.publish({ orderId: String(++published), status: `S${published}`, cursor: `c${published}` });
  const open = async () => {
    const text = await (await fetch(new URL('/metrics', router.url))).text();
    return Number(/router_subscriptions_open\{[^}]*\} (\d+)/.exec(text)?.[1]);
  };

  it('are one at the subgraph, and the rest of the plan is carried out once for each event', async () => {
    const listeners = [];
    for (let n = 0; n < 20; n++) listeners.push(listen(await connect(), { query: FULL }));
    await until(async () => (await open()) === 20, '20 subscriptions');
    await until(() => world.events.listeners === 1, 'one at the subgraph');
    const before = world.books.requests.length;
    publish();
    publish();
    for (const listener of listeners) expect((await listener.got(2)).map(statusOf)).toEqual([`S${published - 1}`, `S${published}`]);
    expect(world.books.requests.length - before).toBe(2);
    for (const listener of listeners.slice(1)) listener.stop();
    await until(async () => (await open()) === 1, 'one subscription');
    expect(world.events.listeners).toBe(1);
    publish();
    await listeners[0]?.got(3);
  });

  it('are shared by one account, and never by two, nor by other roles', async () => {
    for (const who of [
      await connect('kim'),
      await connect('kim'),
      await connect('lee'),
      await connect('lee', ['MANAGER']),
      await connect(),
    ])
      listen(who, { query: FULL });
    await until(async () => (await open()) === 5, '5 subscriptions');
    await until(() => world.events.listeners === 4, '4 at the subgraph');
    const tokens = world.subscribed.map(({ token }) => Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString());
    expect(tokens.map((token) => JSON.parse(token).sub ?? null).toSorted()).toEqual(['kim', 'lee', 'lee', null].toSorted());
  });

  it('are not the same with other variables or another document', async () => {
    const client = await connect();
    listen(client, { query: FULL });
    listen(client, { query: FULL, variables: { id: '1' } });
    listen(client, { query: FULL, variables: { id: null } });
    listen(client, { query: `${FULL} ` });
    await until(() => world.events.listeners === 4, '4 at the subgraph');
  });

  it('give who comes back what was missed, without asking the subgraph again', async () => {
    const client = await connect();
    const listener = listen(client, { query: FULL });
    await until(() => world.events.listeners === 1);
    for (let n = 0; n < 5; n++) publish();
    await listener.got(5);
    const back = listen(await connect(), { query: FULL, variables: { after: `c${published - 2}` } });
    expect((await back.got(2)).map(statusOf)).toEqual([`S${published - 1}`, `S${published}`]);
    publish();
    await back.got(3);
    expect(world.events.listeners).toBe(1);
    const older = listen(await connect(), { query: FULL, variables: { after: 'c0' } });
    await until(() => world.events.listeners === 2, 'one that is not remembered has its own');
    expect(older.end()).toBeUndefined();
  });

  it('begin alone where the first event may be told only once', async () => {
    listen(await connect(), { query: 'subscription { other }' });
    listen(await connect(), { query: 'subscription { other }' });
    await until(async () => (await open()) === 2, '2 subscriptions');
    await until(() => world.events.listeners === 1, 'one at the subgraph');
    publish();
    await until(() => published > 0);
    const third = listen(await connect(), { query: 'subscription { other }' });
    await until(() => world.events.listeners === 2, 'its own');
    publish();
    expect(await third.got(1)).toHaveLength(1);
  });

  it('are limited for each account and in all', async () => {
    const strict = await world.router({ subscriptionsPerAccount: 2, subscriptions: 3 });
    const client = async (sub: string) => {
      const made = clientOf(strict.url, { connectionParams: { authorization: `Bearer ${await world.keys.token({ sub })}` } });
      clients.push(made);
      return made;
    };
    const kim = await client('kim');
    const [first] = [listen(kim, { query: FULL }), listen(kim, { query: FULL })];
    await until(() => world.events.listeners === 1);
    const tooMany = { kind: 'errors', errors: [{ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } }] };
    expect(await listen(kim, { query: FULL }).ended()).toMatchObject(tooMany);
    const lee = await client('lee');
    listen(lee, { query: FULL });
    await until(() => world.events.listeners === 2);
    expect(await listen(lee, { query: FULL }).ended()).toMatchObject(tooMany);
    first?.stop();
    const again = listen(lee, { query: FULL });
    await until(() => again.end() !== undefined || world.subscribed.length >= 2);
  });
});
