import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { eventually } from '@madang/kernel/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask } from '../testing/ask.ts';
import { clientOf, listen } from '../testing/listen.ts';
import { type Shop, shop } from '../testing/shop.ts';
import { versionOf } from './edition.ts';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

const LONG = { timeout: 120_000 };
const until = (condition: () => boolean | Promise<boolean>) => eventually(condition, { withinMs: 30_000 });

let world: Shop;
beforeAll(async () => {
  world = await shop();
});
afterAll(() => world.close());

const composed = new Map<number, string>();
/** Another supergraph, that has a field of its own; what it had before it has still. */
function numbered(n: number): string {
  const text = composed.get(n) ?? world.supergraph({ books: world.sdl.books.replace('title: String!', `title: String! field${n}: Int`) });
  composed.set(n, text);
  return text;
}
/** A metric's lines, without the label that all have. */
const metricOf = async (url: string, name: string): Promise<string[]> =>
  (await (await fetch(new URL('/metrics', url))).text())
    .split('\n')
    .filter((line) => line.startsWith(`madang_router_${name}`))
    .map((line) => line.replace(/,?context="router"/, '').replace('madang_router_', ''));
const enginesOf = async (url: string): Promise<number> => Number((await metricOf(url, 'engines'))[0]?.split(' ')[1]);
const readyOf = async (url: string) => (await fetch(new URL('/readyz', url))).json();

describe.each(['own', 'apollo'] as const)('ten other supergraphs, front %s', (front) => {
  test('every request is answered, by one or the other; subscriptions miss nothing', LONG, async () => {
    const router = await world.router({ drainMs: 50 }, front);
    const client = clientOf(router.url);
    const kept = listen(client, { query: 'subscription { orderChanged { status order { book { title } } } }' });
    await until(() => world.events.listeners === 1);
    const wrong: unknown[] = [];
    const right = { order: { book: { title: 'Title of book-1' } } };
    let answered = 0;
    let over = false;

    async function asking(): Promise<void> {
      while (!over) {
        const { status, data, errors } = await ask(router.url, '{ order(id: "1") { book { title } } }');
        if (status !== 200 || errors.length > 0 || JSON.stringify(data) !== JSON.stringify(right)) wrong.push({ status, errors });
        answered++;
      }
    }
    async function askingOverWebSocket(): Promise<void> {
      while (!over) {
        const one = listen(client, { query: '{ order(id: "1") { book { title } } }' });
        const end = await one.ended();
        if (end.kind !== 'complete' || JSON.stringify(one.results) !== JSON.stringify([{ data: right }]))
          wrong.push({ end, ...one.results });
        answered++;
      }
    }
    const clients = [asking(), asking(), asking(), asking(), askingOverWebSocket(), askingOverWebSocket()];
    for (let n = 1; n <= 10; n++) {
      const before = answered;
      await router.reload({ supergraphSdl: `${numbered(n % 2)}# ${n}`, subgraphs: world.subgraphs });
      world.events.publish({ orderId: String(n), status: `S${n}`, cursor: `${front}${n}` });
      await until(() => answered > before + clients.length);
    }
    over = true;
    await Promise.all(clients);
    expect(wrong).toEqual([]);
    expect(await kept.got(10)).toMatchObject(Array.from({ length: 10 }, (_, n) => ({ data: { orderChanged: { status: `S${n + 1}` } } })));
    expect(world.subscribed).toHaveLength(1);
    await client.dispose();
    await until(() => world.events.listeners === 0);
    world.subscribed.length = 0;
    expect(await metricOf(router.url, 'supergraphs_total')).toContain('supergraphs_total{outcome="taken"} 10');
  });
});

test('what has begun is finished by the supergraph that it began with, however long it takes', async () => {
  const router = await world.router({ drainMs: 1 });
  const slow = ask(router.url, '{ slow }');
  await until(() => world.slow.length === 1);
  await router.reload({
    supergraphSdl: world.supergraph({ orders: world.sdl.orders.replace('slow: String ', '') }),
    subgraphs: world.subgraphs,
  });
  expect((await ask(router.url, '{ slow }')).errors[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  expect(await enginesOf(router.url)).toBe(2);
  for (const end of world.slow.splice(0)) end();
  expect((await slow).data).toEqual({ slow: 'at last' });
  await until(async () => (await enginesOf(router.url)) === 1);
});

test('a subgraph at another address is asked there; the old connections are closed', async () => {
  const router = await world.router({ drainMs: 1 });
  const away = { ...world.subgraphs, customers: 'http://127.0.0.1:9/graphql' };
  await router.reload({ supergraphSdl: world.supergraph(), subgraphs: away });
  expect((await ask(router.url, '{ customer { name } }')).errors[0]?.extensions.code).toBe('TRY_AGAIN_LATER');
  await router.reload({ supergraphSdl: world.supergraph(), subgraphs: world.subgraphs });
  expect((await ask(router.url, '{ customer { name } }')).data).toEqual({ customer: { name: 'Kim' } });
});

test('of fifty, nothing is left but the one in use, though a subscription goes on', LONG, async () => {
  const router = await world.router({ drainMs: 1 });
  const client = clientOf(router.url);
  const kept = listen(client, { query: 'subscription { orderChanged { status order { book { title } } } }' });
  await until(() => world.events.listeners === 1);
  async function swaps(count: number): Promise<void> {
    for (let n = 0; n < count; n++) {
      await router.reload({ supergraphSdl: `${numbered(n % 2)}# ${n}`, subgraphs: world.subgraphs });
      await ask(router.url, '{ order(id: "1") { book { title } customer { name } } }');
    }
    await until(async () => (await enginesOf(router.url)) === 1);
  }
  const used = (): number => {
    world.lines.length = 0;
    world.books.requests.length = 0;
    world.orders.requests.length = 0;
    world.customers.requests.length = 0;
    for (let times = 0; times < 3; times++) gc();
    return process.memoryUsage().heapUsed;
  };
  await swaps(10);
  const before = used();
  await swaps(40);
  // One of these engines takes more than half a megabyte.
  expect(used() - before).toBeLessThan(8_000_000);
  world.events.publish({ orderId: '1', status: 'LAST', cursor: 'last' });
  await kept.got(1);
  await client.dispose();
});

describe('a supergraph that is no good is refused, and the one in use stays', () => {
  const refusal = async (text: string, operations: { name: string; file: string; text: string }[] = [], strict = false) => {
    const router = await world.router({}, 'own', { operations: () => operations, supergraph: { supergraphStrict: strict } });
    world.lines.length = 0;
    const { version } = router.supergraph();
    const error = await router.reload({ supergraphSdl: text, subgraphs: world.subgraphs, source: 'kv', revision: 7 }).then(
      () => undefined,
      (thrown: Error) => thrown.message,
    );
    expect((await ask(router.url, '{ order(id: "1") { book { title } } }')).status).toBe(200);
    return { router, version, error };
  };

  test('told by whom and why: log, metric, /readyz, which stays ready', async () => {
    const { router, version, error } = await refusal('type Query {\n  a: Int\n');
    expect(error).toContain('3:1 Syntax Error');
    expect(world.lines.find(({ msg }) => msg === 'a supergraph was refused; the one in use stays')).toMatchObject({
      ...{ level: 50, inUse: version, source: 'kv', revision: 7, problems: [error] },
    });
    expect(await metricOf(router.url, 'supergraph')).toEqual([
      `supergraph_info{version="${version}",source="given"} 1`,
      'supergraphs_total{outcome="taken"} 0',
      'supergraphs_total{outcome="refused"} 1',
    ]);
    expect(await readyOf(router.url)).toMatchObject({
      ready: true,
      supergraph: { version, source: 'given', refused: { version: versionOf('type Query {\n  a: Int\n'), source: 'kv', revision: 7 } },
    });
    await router.reload({ supergraphSdl: world.supergraph(), subgraphs: world.subgraphs, source: 'file' });
    expect(router.supergraph()).toEqual({ version, source: 'file', loadedAt: expect.any(String) });
  });

  test.each([
    ['no supergraph', 'type Query { a: Int }', /supergraph/i],
    ['a subgraph without an address', () => world.supergraph().replaceAll('name: "books"', 'name: "new-books"'), 'set NEW_BOOKS_URL'],
    ['empty', '', 'Syntax Error: Unexpected <EOF>'],
  ])('%s', async (_, text, problem) => {
    expect((await refusal(typeof text === 'string' ? text : text())).error).toMatch(problem);
  });

  test('a known operation that is not valid any more: a warning, or a refusal if that is wished', async () => {
    const customers = world.sdl.customers.replace('name: String', 'fullName: String');
    const known = { name: 'Me', file: 'me.graphql', text: 'query Me { customer { name } }' };
    const text = world.supergraph({ customers });
    const taken = await refusal(text, [known]);
    expect([taken.error, taken.router.supergraph().version]).toEqual([undefined, versionOf(text)]);
    const warning = 'the operation Me (schema/operations/me.graphql) is not valid any more: Cannot query field "name" on type "Customer".';
    expect(world.lines.filter(({ level }) => level === 40).map(({ msg }) => msg)).toEqual([warning]);
    expect((await refusal(text, [known], true)).error).toBe(warning);
  });
});
