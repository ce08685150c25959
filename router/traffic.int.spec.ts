import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Router, RouterOptions } from './router.ts';
import { ask, until } from './testing/ask.ts';
import { type Fault, faulty } from './testing/faulty.ts';
import { type Shop, shop } from './testing/shop.ts';

const PAGE = '{ order(id: "1") { status book { title } customer { name } } }';
const REST = { status: 'PAID', customer: { name: 'Name of customer-1' } };

let world: Shop;
let books: Awaited<ReturnType<typeof faulty>>;
beforeAll(async () => {
  world = await shop();
  books = await faulty(world.books.url);
});
afterAll(async () => {
  await world.close();
  await books.close();
});

const started = (of: NonNullable<RouterOptions['traffic']>['of']): Promise<Router> =>
  world.router({}, 'own', { subgraphs: { ...world.subgraphs, books: books.url }, traffic: { all: { retries: 0 }, of } });

describe('a subgraph that is not well is missed, and nothing else', () => {
  it.each<[Fault, string]>([
    ['hang', 'TRY_AGAIN_LATER'],
    ['cut', 'TRY_AGAIN_LATER'],
    ['500', 'INTERNAL_SERVER_ERROR'],
    ['malformed', 'INTERNAL_SERVER_ERROR'],
  ])('%s', async (fault, code) => {
    const router = await started({ books: { timeoutMs: fault === 'hang' ? 100 : 10_000 } });
    books.be(fault);
    const { status, data, errors, text } = await ask(router.url, PAGE);
    expect(status).toBe(200);
    expect(data).toEqual({ order: { ...REST, book: null } });
    expect(errors.map(({ path, extensions }) => [path, extensions.code])).toEqual([[['order', 'book', 'title'], code]]);
    expect(text).not.toMatch(/127\.0\.0\.1|Oops/);
    books.be(undefined);
    // The short deadline might be too short for a good answer.
    if (fault !== 'hang') expect((await ask(router.url, PAGE)).data.order.book).toEqual({ title: 'Title of book-1' });
  });

  it('is asked no more once its breaker is open, and answered for at once', async () => {
    const router = await started({ books: { breakerFailures: 2 } });
    books.be('500');
    for (const _ of [1, 2]) await ask(router.url, PAGE);
    books.be(undefined);
    const before = books.requests();
    const { data, errors } = await ask(router.url, PAGE);
    expect(data).toEqual({ order: { ...REST, book: null } });
    expect(errors).toEqual([
      {
        message: '"title" is not available at the moment. 잠시 후 다시 시도해 주세요.',
        path: ['order', 'book', 'title'],
        extensions: { code: 'TRY_AGAIN_LATER', field: 'title', retryAfterSeconds: 10 },
      },
    ]);
    expect(books.requests()).toBe(before);
    const metrics = await (await fetch(new URL('/metrics', router.url))).text();
    expect(metrics).toMatch(/madang_router_breaker_state\{[^}]*subgraph="books"[^}]*\} 2/);
    expect(metrics).toMatch(/madang_router_breaker_state\{[^}]*subgraph="orders"[^}]*\} 0/);
    expect(metrics).toMatch(/madang_router_fetch_errors_total\{[^}]*reason="broken"[^}]*\} 1/);
  });

  it('is refused at once when too many ask it already, which keeps nobody from the others', async () => {
    const router = await started({ books: { bulkhead: 1, queue: 0 } });
    const before = books.requests();
    books.be('hang');
    const hanging = ask(router.url, PAGE);
    await until(() => books.requests() > before);
    const { data, errors } = await ask(router.url, PAGE);
    expect(data).toEqual({ order: { ...REST, book: null } });
    expect(errors[0]?.extensions).toEqual({ code: 'TRY_AGAIN_LATER', field: 'title', retryAfterSeconds: 1 });
    expect(books.requests()).toBe(before + 1);
    books.be('cut');
    books.cut();
    expect((await hanging).errors[0]?.extensions.code).toBe('TRY_AGAIN_LATER');
    books.be(undefined);
  });
});

it('has a query tried again, and its client know nothing of it', async () => {
  const router = await world.router({}, 'own', { subgraphs: { ...world.subgraphs, books: books.url } });
  const before = books.requests();
  books.be('500');
  const asked = ask(router.url, PAGE);
  await until(() => books.requests() > before);
  books.be(undefined);
  const { data, errors } = await asked;
  expect([data.order.book, errors]).toEqual([{ title: 'Title of book-1' }, []]);
});
