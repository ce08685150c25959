import { Broker } from '@madang/kernel/nats';
import { type OwnServer, startOwnNats, testPrefix, testServers } from '@madang/kernel/testing';
import { createClient } from 'graphql-ws';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import type { Router } from './router.ts';
import { ask, until } from './testing/ask.ts';
import { type Library, library } from './testing/library.ts';

const log = pino({ level: 'silent' });
const BOOK = '{ book(id: "1") { title } }';
const ORDER = '{ order { books { title } } }';

let world: Library;
let broker: Broker;
beforeAll(async () => {
  broker = await Broker.open({ url: testServers().natsUrl, prefix: testPrefix(), name: 'test', log });
  await broker.ensureStream('books');
});
beforeEach(async () => {
  world = await library();
  return () => world.close();
});
afterAll(() => broker.close());

/** As a context's relay does. */
const happened = (subject: string, by = broker) => by.js.publish(by.names.subject(subject), '{}');

const counted = async ({ url }: Router, pattern: RegExp): Promise<number> => {
  const text = await (await fetch(new URL('/metrics', url))).text();
  return text.split('\n').reduce((sum, line) => sum + (pattern.test(line) ? Number(line.split(' ').at(-1)) : 0), 0);
};
const dropped = (router: Router) => counted(router, /^madang_router_cache_dropped_total.*why="event"/);
const titleOf = async ({ url }: Router, headers = {}) => (await ask(url, BOOK, { headers })).data.book.title;

/** A router that hears of events, and has begun to keep what it is told. */
async function keeping(by = broker): Promise<Router> {
  const router = await world.router(by);
  await until(async () => {
    await ask(router.url, '{ books { id } }');
    return (await counted(router, /^madang_router_cache_lookups.*outcome="hit"/)) > 0;
  });
  return router;
}

describe('what everybody may know', () => {
  it('is asked once, until it is too old', async () => {
    const router = await keeping();
    expect(await titleOf(router)).toBe('One');
    world.titles.set('1', 'Uno');
    const before = world.asked();
    world.clock.now += 59_999;
    expect([await titleOf(router), await titleOf(router, await world.token('kim'))]).toEqual(['One', 'One']);
    expect(world.asked()).toEqual(before);
    world.clock.now += 1;
    expect(await titleOf(router)).toBe('Uno');
  });

  it('is kept by what is asked, with which variables', async () => {
    const { url } = await keeping();
    const query = 'query Of($id: ID!) { book(id: $id) { title } }';
    const titles = [];
    for (const id of ['1', '2', '1']) titles.push((await ask(url, query, { variables: { id } })).data.book.title);
    const renamed = await ask(url, query.replace('Of', 'Another'), { variables: { id: '2' } });
    expect([...titles, renamed.data.book.title]).toEqual(['One', 'Two', 'One', 'Two']);
    const [books] = world.asked();
    expect((await ask(url, query.replace('title', 'id'), { variables: { id: '2' } })).data).toEqual({ book: { id: '2' } });
    expect(world.asked()[0]).toBe((books ?? 0) + 1);
  });

  it('is kept by entity: one that another query has asked about is not asked about again', async () => {
    const { url } = await keeping();
    await happened('books.book.BookRepriced.2');
    expect((await ask(url, ORDER)).data).toEqual({ order: { books: [{ title: 'One' }, { title: 'Two' }] } });
    const [books] = world.asked();
    const again = await ask(url, 'query Again { freshOrder { id books { title } } }');
    expect(again.data.freshOrder.books).toEqual([{ title: 'One' }, { title: 'Two' }]);
    expect(world.asked()[0]).toBe(books);
  });

  it('is not kept with a field that says 0, nor with an error', async () => {
    const router = await keeping();
    const twice = async (query: string) => {
      const [before = 0] = world.asked();
      for (const _ of [1, 2]) await ask(router.url, query);
      return (world.asked()[0] ?? 0) - before;
    };
    expect(await twice('{ book(id: "1") { title stock } }')).toBe(2);
    expect(await twice('{ book(id: "1") { title refused } }')).toBe(2);
    expect(await twice('{ freshOrder { books { refused } } }')).toBe(2);
    expect(await twice('{ book(id: "2") { cover } }')).toBe(1);
  });
});

describe('an event', () => {
  it('drops the entity that it is about, what may contain it, and nothing else', async () => {
    const router = await keeping();
    const order = async () => (await ask(router.url, ORDER)).data.order.books.map(({ title }: { title: string }) => title);
    expect([await order(), await titleOf(router)]).toEqual([['One', 'Two'], 'One']);
    world.titles.set('1', 'Uno').set('2', 'Dos');
    await happened('books.book.BookRepriced.2');
    // Which of the books an answer of a root field has is not known: it goes.
    await until(async () => (await titleOf(router)) === 'Uno');
    expect(await order()).toEqual(['One', 'Dos']);
    expect(world.lastRepresentations()).toEqual([{ __typename: 'Book', id: '2' }]);
  });

  it('of something else leaves them alone; of something that has no type drops all of its subgraph', async () => {
    const router = await keeping();
    await titleOf(router);
    await ask(router.url, ORDER);
    world.titles.set('1', 'Uno');
    await happened('books.shop.ShopOpened.1');
    await happened('books.rack.RackMoved.1');
    await until(async () => (await titleOf(router)) === 'Uno');
    expect(await dropped(router)).toBe(4);
    expect((await ask(router.url, ORDER)).data.order.books[0]).toEqual({ title: 'Uno' });
  });

  it('keeps what was asked before it and is answered after it from being kept', async () => {
    const router = await keeping();
    const before = await dropped(router);
    let open = () => {};
    world.gate.wait = new Promise((resolve) => (open = resolve));
    const [books = 0] = world.asked();
    const asked = titleOf(router);
    await until(() => (world.asked()[0] ?? 0) > books);
    world.titles.set('1', 'Uno');
    await happened('books.book.BookRepriced.1');
    await until(async () => (await dropped(router)) > before);
    open();
    expect(await asked).toBe('One');
    expect(await titleOf(router)).toBe('Uno');
  });
});

describe('what is of one account', () => {
  const ME = '{ me { name } }';
  const VIA_ENTITY = '{ order { person { name } } }';
  const NOTE = '{ book(id: "1") { title note } }';
  const NOTE_VIA_ENTITY = '{ order { books { note } } }';

  it.each([
    [ME, (data: { me: { name: string } }) => data.me.name],
    [VIA_ENTITY, (data: { order: { person: { name: string } } }) => data.order.person.name],
    [NOTE, (data: { book: { note: string } }) => data.book.note],
    [NOTE_VIA_ENTITY, (data: { order: { books: { note: string }[] } }) => data.order.books[0]?.note],
  ])('is answered to nobody else: %s', async (query, pick) => {
    const router = await keeping();
    const kim = await world.token('kim', 'CUSTOMER');
    const everybody = [kim, await world.token('lee', 'CUSTOMER'), await world.token('kim', 'CUSTOMER', 'ADMIN'), {}];
    const round = async () => {
      const names = [];
      for (const headers of everybody) names.push(pick((await ask(router.url, query, { headers })).data));
      return names;
    };
    const each = ['kim (CUSTOMER)', 'lee (CUSTOMER)', 'kim (CUSTOMER,ADMIN)', 'anonymous'];
    expect(await round()).toEqual(each);
    const before = world.asked();
    expect(await round()).toEqual(each);
    // Once more for who is not signed in: nothing is kept for them.
    const more = world.asked().map((after, at) => after - (before[at] ?? 0));
    expect(more.reduce((sum, by) => sum + by)).toBe(1);
    expect(await counted(router, /^madang_router_cache_lookups.*scope="PRIVATE"/)).toBeGreaterThan(0);
  });

  it('is filled into a subscription for each of its own', async () => {
    const router = await keeping();
    const listen = async (headers: object) => {
      const url = router.url.replace('http', 'ws');
      const client = createClient({ url, webSocketImpl: WebSocket, connectionParams: headers as Record<string, unknown> });
      const events = client.iterate<{ ordered: { order: { person: { name: string } } } }>({
        query: 'subscription { ordered { order { person { name } } } }',
      });
      return { client, next: events.next() };
    };
    const [kim, lee] = [await world.token('kim'), await world.token('lee')];
    for (const headers of [kim, lee]) await ask(router.url, VIA_ENTITY, { headers });
    const listeners = [await listen(kim), await listen(lee), await listen({})];
    await until(() => world.ordered.listeners === 3);
    world.ordered.publish('now');
    const names = [];
    for (const { client, next } of listeners) {
      names.push(((await next).value as { data: { ordered: { order: { person: { name: string } } } } }).data.ordered.order.person.name);
      await client.dispose();
    }
    expect(names).toEqual(['kim ()', 'lee ()', 'anonymous']);
  });

  it('is not kept without a broker, nor anything when that is not wanted', async () => {
    const headers = await world.token('kim');
    const twice = async (router: Router, query: string) => {
      const before = world.asked();
      for (const _ of [1, 2]) await ask(router.url, query, { headers });
      return world.asked().reduce((sum, after, at) => sum + after - (before[at] ?? 0), 0);
    };
    const alone = await world.router(undefined);
    expect([await twice(alone, ME), await twice(alone, BOOK)]).toEqual([2, 1]);
    expect(await twice(await world.router(undefined, { cache: { cache: false } }), BOOK)).toBe(2);
  });
});

describe('who changes something', () => {
  it('reads it as it is, before any event, and so does everybody else, also through another router', async () => {
    const [router, other] = [await keeping(), await keeping()];
    expect([await titleOf(router), await titleOf(other)]).toEqual(['One', 'One']);
    await ask(router.url, 'mutation { rename(id: "1", title: "Uno") { title } }');
    expect(await titleOf(router)).toBe('Uno');
    await until(async () => (await titleOf(other)) === 'Uno');
  });

  it('reads nothing of their own that is older', async () => {
    const router = await keeping();
    const [kim, lee] = [await world.token('kim'), await world.token('lee')];
    const name = async (headers: object) =>
      (await ask(router.url, '{ order { person { name } } }', { headers: { ...headers } })).data.order.person.name;
    expect([await name(kim), await name(lee)]).toEqual(['kim ()', 'lee ()']);
    await ask(router.url, 'mutation { callMe(name: "Mr. Kim") { id } }', { headers: kim });
    expect([await name(kim), await name(lee)]).toEqual(['Mr. Kim', 'lee ()']);
  });

  it('is answered with nothing that was kept', async () => {
    const router = await keeping();
    await ask(router.url, ORDER);
    world.titles.set('1', 'Uno');
    expect((await ask(router.url, 'mutation { place { books { title } } }')).data.place.books[0]).toEqual({ title: 'Uno' });
    expect((await ask(router.url, ORDER)).data.order.books[0]).toEqual({ title: 'Uno' });
  });
});

it('an event that subscribers see is filled in with nothing that was kept, and what it has is not kept any more', async () => {
  const router = await keeping();
  await ask(router.url, ORDER);
  world.titles.set('1', 'Uno');
  const client = createClient({ url: router.url.replace('http', 'ws'), webSocketImpl: WebSocket });
  const events = client.iterate<{ ordered: { order: { books: { title: string }[] } } }>({
    query: 'subscription { ordered { order { books { title } } } }',
  });
  const next = events.next();
  await until(() => world.ordered.listeners === 1);
  world.ordered.publish('now');
  expect((await next).value).toMatchObject({ data: { ordered: { order: { books: [{ title: 'Uno' }, { title: 'Two' }] } } } });
  expect(await counted(router, /^madang_router_cache_lookups.*subgraph="books".*outcome="bypass"/)).toBe(2);
  const [books = 0, , orders = 0] = world.asked();
  await ask(router.url, ORDER);
  // What the event is about is asked for again, what that refers to is not.
  expect((await ask(router.url, ORDER)).data.order.books[0]).toEqual({ title: 'Uno' });
  expect(world.asked()).toEqual([books, world.asked()[1], orders + 1]);
  await client.dispose();
});

describe('a broker that is lost', () => {
  let nats: OwnServer;
  beforeAll(async () => {
    nats = await startOwnNats();
  });
  afterAll(() => nats.remove());

  it('is not missed, but nothing is kept until it is back, and then nothing of before', async () => {
    const own = await Broker.open({ url: nats.url, name: 'test', log });
    await own.ensureStream('books');
    const router = await keeping(own);
    expect(await titleOf(router)).toBe('One');
    await nats.kill();
    world.titles.set('1', 'Uno');
    await until(async () => (await titleOf(router)) === 'Uno');
    world.titles.set('1', 'Ein');
    expect(await titleOf(router)).toBe('Ein');
    expect(await counted(router, /^madang_router_cache_bytes/)).toBe(0);
    await nats.start();
    await until(async () => {
      await titleOf(router);
      return (await counted(router, /^madang_router_cache_bytes/)) > 0;
    });
    world.titles.set('1', 'Unus');
    expect(await titleOf(router)).toBe('Ein');
    await happened('books.book.BookRepriced.1', own);
    await until(async () => (await titleOf(router)) === 'Unus');
    await own.close();
  });
});

describe('cache-control', () => {
  const headersOf = async ({ url }: Router, query: string, headers = {}) => {
    const { headers: got } = await ask(url, query, { headers });
    return [got.get('cache-control'), got.get('vary')];
  };

  it('tells clients for how long, and for whom', async () => {
    const router = await keeping();
    const kim = await world.token('kim');
    expect(await headersOf(router, BOOK)).toEqual(['max-age=60, public', 'accept']);
    expect(await headersOf(router, '{ book(id: "2") { title cover } }')).toEqual(['max-age=20, public', 'accept']);
    expect(await headersOf(router, '{ book(id: "2") { note } }', kim)).toEqual(['max-age=60, private', 'accept, authorization']);
    expect(await headersOf(router, '{ book(id: "1") { stock } }')).toEqual(['no-store', null]);
    expect(await headersOf(router, '{ book(id: "1") { refused } }')).toEqual(['no-store', null]);
    expect(await headersOf(router, 'mutation { rename(id: "2", title: "Two") { title } }')).toEqual(['no-store', null]);
    expect(await headersOf(router, '{ __typename }')).toEqual(['no-store', null]);
    expect(await headersOf(router, '{ order { books { title } person { id } } }')).toEqual(['max-age=40, public', 'accept']);
  });

  it('tells how long what was kept is still good', async () => {
    const router = await keeping();
    await titleOf(router);
    world.clock.now += 12_500;
    expect(await headersOf(router, BOOK)).toEqual(['max-age=47, public', 'accept']);
    world.clock.now += 47_000;
    expect(await headersOf(router, BOOK)).toEqual(['no-store', null]);
  });

  it('is told by Apollo Server too', async () => {
    const router = await world.router(undefined, { front: 'apollo' });
    expect((await headersOf(router, BOOK))[0]).toBe('max-age=60, public');
    expect((await headersOf(router, '{ book(id: "1") { note } }'))[0]).toBe('no-store');
  });
});
