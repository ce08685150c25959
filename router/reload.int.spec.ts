import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ask, until } from './testing/ask.ts';
import { clientOf, listen } from './testing/listen.ts';
import { type Shop, shop } from './testing/shop.ts';

const OF_BOOKS = 'subscription { orderChanged { status order { book { title } } } }';
const OF_CUSTOMERS = 'subscription { orderChanged { status order { customer { name } } } }';

describe.each(['own', 'apollo'] as const)("a schema's reload, front %s", (front) => {
  let world: Shop;
  const clients: ReturnType<typeof clientOf>[] = [];
  beforeAll(async () => {
    world = await shop();
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.dispose();
    await until(() => world.events.listeners === 0, 'no subscription left at the subgraph');
    world.subscribed.length = 0;
  });
  afterAll(() => world.close());

  const publish = (n: number) => world.events.publish({ orderId: String(n), status: `S${n}`, cursor: `c${n}` });
  async function start() {
    const router = await world.router({ drainMs: 100 }, front);
    const client = clientOf(router.url);
    clients.push(client);
    return { router, client };
  }
  const fieldsOf = async (url: string, type: string): Promise<string[]> =>
    (await ask(url, `{ __type(name: "${type}") { fields { name } } }`)).data.__type.fields.map(({ name }: { name: string }) => name);

  it('lets subscriptions that are still valid go on, and ends others with a code', async () => {
    const { router, client } = await start();
    const [kept, ended] = [listen(client, { query: OF_BOOKS }), listen(client, { query: OF_CUSTOMERS })];
    await until(() => world.events.listeners === 2);
    publish(1);
    await Promise.all([kept.got(1), ended.got(1)]);
    const customers = world.sdl.customers.replace('name: String', 'fullName: String');
    await router.reload({ supergraphSdl: world.supergraph({ customers }), subgraphs: world.subgraphs });
    expect(await ended.ended()).toMatchObject({ kind: 'errors', errors: [{ extensions: { code: 'SCHEMA_CHANGED', resumeAfter: 'c1' } }] });
    publish(2);
    expect((await kept.got(2))[1]?.data).toEqual({ orderChanged: { status: 'S2', order: { book: { title: 'Title of book-2' } } } });
    expect(world.subscribed).toHaveLength(2);
    expect(await fieldsOf(router.url, 'Customer')).toEqual(['id', 'fullName']);
    expect((await ask(router.url, '{ customer { name } }')).errors[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    expect((await ask(router.url, '{ order(id: "1") { book { title } } }')).data).toEqual({
      order: { book: { title: 'Title of book-1' } },
    });
  });

  it('asks the subgraph again, from the last event, for what is planned in another way now', async () => {
    const { router, client } = await start();
    const kept = listen(client, { query: 'subscription { orderChanged { order { id status } } }' });
    await until(() => world.events.listeners === 1);
    publish(3);
    await kept.got(1);
    const orders = world.sdl.orders.replace('id: ID! status: String! book', 'id: ID! book');
    const books = `${world.sdl.books} type Order @key(fields: "id") { id: ID! status: String }`;
    await router.reload({ supergraphSdl: world.supergraph({ orders, books }), subgraphs: world.subgraphs });
    expect(kept.end()).toBeUndefined();
    await until(() => world.subscribed.length === 2, 'asked again');
    expect(world.subscribed[1]).toMatchObject({ after: 'c3' });
  });

  it('changes nothing when the new one cannot be read', async () => {
    const { router } = await start();
    await expect(router.reload({ supergraphSdl: 'type Query { a: Int }', subgraphs: {} })).rejects.toThrow();
    expect((await ask(router.url, '{ orders { id } }')).status).toBe(200);
  });
});
