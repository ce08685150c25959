import type { SpanStart, Tracer } from '@madang/kernel/observability';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Router } from './router.ts';
import { ask, until } from './testing/ask.ts';
import { clientOf, listen } from './testing/listen.ts';
import { type Shop, shop } from './testing/shop.ts';

type Seen = { readonly traceparent: string; name: string; readonly start: SpanStart; failed?: string; ended: boolean };

const spans: Seen[] = [];
let flushed = 0;
const tracer: Tracer = {
  start(name, start = {}) {
    const traceparent = `00-${'ab'.repeat(16)}-${String(spans.length + 1).padStart(16, '0')}-01`;
    const seen: Seen = { traceparent, name, start, ended: false };
    spans.push(seen);
    return {
      traceparent,
      rename(now) {
        seen.name = now;
      },
      set: () => {},
      event: () => {},
      fail(code) {
        seen.failed = code;
      },
      end() {
        seen.ended = true;
      },
    };
  },
  flush: async () => void flushed++,
};

let toys: Shop;
let router: Router;
beforeAll(async () => {
  toys = await shop();
  router = await toys.router({}, undefined, { tracer });
});
afterAll(() => toys.close());

const named = (prefix: string) => spans.filter(({ name }) => name.startsWith(prefix));

test('each request to a subgraph is a span of the operation, and the parent of what happens there', async () => {
  const { data } = await ask(router.url, '{ trail orders { book { title } } }');
  await until(() => spans.every(({ ended }) => ended));
  const [operation, ...fetches] = spans;
  expect(operation?.name).toBe('query anonymous');
  expect(fetches.map(({ name, start }) => [name, start.parent])).toEqual([
    ['fetch orders', operation?.traceparent],
    ['fetch books', operation?.traceparent],
  ]);
  expect(data.trail.split(' ')[1]).toBe(fetches[0]?.traceparent);
});

test('an event is one push, with what it takes to fill it in, however many subscribe', async () => {
  spans.length = 0;
  const clients = [1, 2, 3].map(() => clientOf(router.url));
  const heard = clients.map((client) => listen(client, { query: 'subscription { orderChanged { status order { book { title } } } }' }));
  await until(() => named('subscription').filter(({ ended }) => ended).length === 3 && toys.events.listeners === 1);
  toys.events.publish({ orderId: '1', status: 'PAID', cursor: 'a' });
  for (const each of heard) await each.got(1);
  expect(named('push').map(({ ended, start }) => [ended, start.links])).toEqual([[true, [named('subscription')[0]?.traceparent]]]);
  expect(named('fetch').map(({ name, start }) => [name, start.parent])).toEqual([['fetch books', named('push')[0]?.traceparent]]);
  for (const client of clients) await client.dispose();
});

test('what is finished is sent before the router is closed', async () => {
  await router.close();
  expect(flushed).toBe(1);
});
