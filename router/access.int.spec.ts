import { createHash } from 'node:crypto';
import { createClient } from 'graphql-sse';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Router } from './router.ts';
import { ask, until } from './testing/ask.ts';
import { clientOf, listen } from './testing/listen.ts';
import { type Shop, shop } from './testing/shop.ts';

let toys: Shop;
let router: Router;

beforeAll(async () => {
  toys = await shop();
  router = await toys.router({}, undefined, { operationNames: new Set(['Orders', 'Changes']) });
});
afterEach(() => void toys.lines.splice(0));
afterAll(() => toys.close());

const access = () => toys.lines.filter(({ msg }) => msg === 'access');
/** The line of the one operation that was just asked. */
async function line(): Promise<Record<string, unknown>> {
  await until(() => access().length > 0);
  expect(access()).toHaveLength(1);
  return access()[0] ?? {};
}
const signedIn = async () => ({ authorization: `Bearer ${await toys.keys.token({ sub: 'account-7', roles: ['CUSTOMER'] })}` });

test('an operation has one line: what, how long, what came of it, how many subgraphs, who by a pseudonym', async () => {
  await ask(router.url, 'query Orders { orders { id book { title } customer { name } } }', { headers: await signedIn() });
  const { level, time, pid, hostname, ms, correlationId, ...told } = await line();
  expect(told).toEqual({
    ...{ msg: 'access', operation: 'Orders', type: 'query', protocol: 'http', outcome: 'ok', status: 200, subgraphs: 3, fetches: 3 },
    ...{ actor: 'user', account: createHash('sha256').update('account-7').digest('base64url').slice(0, 16), roles: ['CUSTOMER'] },
  });
  expect(ms).toBeGreaterThan(0);
  expect(correlationId).toMatch(/^[0-9a-f-]{36}$/);
});

test('no argument, token or name of a client is in it', async () => {
  const number = '4111111111111111';
  const headers = await signedIn();
  await ask(router.url, `query n${number}($id: ID!) { a${number}: order(id: $id) { id } b: order(id: "${number}") { id } }`, {
    variables: { id: `secret-${number}` },
    headers,
  });
  const told = await line();
  expect(told).toMatchObject({ operation: 'other', outcome: 'ok', subgraphs: 1 });
  expect(JSON.stringify(told)).not.toMatch(new RegExp(`${number}|secret|${headers.authorization.slice(7)}|account-7`));
});

test('a refusal has its code, a fault is told apart, and what never became an operation has a line as well', async () => {
  await ask(router.url, '{ refused(field: "name") }');
  expect(await line()).toMatchObject({ operation: 'anonymous', outcome: 'refused', code: 'BAD_INPUT', actor: 'anonymous' });
  toys.lines.splice(0);
  await ask(router.url, '{ secret }');
  expect(await line()).toMatchObject({ outcome: 'fault', code: 'INTERNAL_SERVER_ERROR', status: 200 });
  toys.lines.splice(0);
  await ask(router.url, '{ orders { id } }', { headers: { authorization: 'Bearer x.y.z' } });
  expect(await line()).toMatchObject({ type: 'none', outcome: 'refused', status: 401 });
});

test('on a socket: a query when it is answered, a subscription when it is over, with its events', async () => {
  const client = clientOf(router.url, { connectionParams: await signedIn() });
  const answered = listen(client, { query: '{ orders { id } }' });
  await answered.ended();
  expect(await line()).toMatchObject({ protocol: 'ws', type: 'query', outcome: 'ok', actor: 'user' });
  toys.lines.splice(0);
  const watched = listen(client, { query: 'subscription Changes { orderChanged { status } }', operationName: 'Changes' });
  await until(() => toys.events.listeners > 0);
  toys.events.publish({ orderId: '1', status: 'PAID', cursor: 'a' });
  await watched.got(1);
  expect(access()).toEqual([]);
  watched.stop();
  expect(await line()).toMatchObject({ operation: 'Changes', type: 'subscription', outcome: 'ok', events: 1, subgraphs: 1 });
  toys.lines.splice(0);
  const refused = listen(client, { query: 'subscription { orderChanged(id: "theirs") { status } }' });
  await refused.ended();
  expect(await line()).toMatchObject({ type: 'subscription', outcome: 'refused', code: 'NOT_FOUND' });
  toys.lines.splice(0);
  await listen(client, { query: 'subscription { nothing }' }).ended();
  expect(await line()).toMatchObject({ type: 'none', outcome: 'refused', code: 'GRAPHQL_VALIDATION_FAILED' });
  await client.dispose();
});

test('what cannot be planned is a fault also on a socket, which goes on', async () => {
  const broken = toys.supergraph().replace('@join__type(graph: BOOKS, key: "id")', '@join__type(graph: BOOKS)');
  const other = await toys.router();
  await other.reload({ supergraphSdl: broken, subgraphs: toys.subgraphs });
  const client = clientOf(other.url);
  for (const query of ['{ orders { book { title } } }', 'subscription { orderChanged { order { book { title } } } }']) {
    toys.lines.splice(0);
    const fault = { message: 'Internal error', extensions: { code: 'INTERNAL_SERVER_ERROR', correlationId: expect.any(String) } };
    expect(await listen(client, { query }).ended()).toEqual({ kind: 'errors', errors: [fault] });
    expect(await line()).toMatchObject({ protocol: 'ws', outcome: 'fault' });
  }
  expect(await listen(client, { query: '{ orders { id } }' }).ended()).toEqual({ kind: 'complete' });
  await client.dispose();
  const text = await (await fetch(new URL('/metrics', other.url))).text();
  expect(text).toMatch(/madang_router_operations_total\{name="other",type="none",outcome="fault",context="router"\} 2/);
});

const SHORT = 'subscription Changes { orderChanged { status } }';

test.each([
  ['sse', 'text/event-stream'],
  ['multipart', 'multipart/mixed;boundary="graphql";subscriptionSpec="1.0"'],
])('a subscription by %s when its answer is over; to leave it is no failure', async (protocol, accept) => {
  const leave = new AbortController();
  const asked = (query: string, signal: AbortSignal | null = null) =>
    fetch(router.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify({ query }),
      signal,
    });
  const answer = await asked(SHORT, leave.signal);
  await until(() => toys.events.listeners > 0);
  toys.events.publish({ orderId: '1', status: 'PAID', cursor: 'a' });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ''; !text.includes('PAID'); ) text += (await reader?.read())?.value ?? '';
  expect(access()).toEqual([]);
  leave.abort();
  expect(await line()).toMatchObject({ operation: 'Changes', type: 'subscription', protocol, outcome: 'ok', status: 200, events: 1 });
  toys.lines.splice(0);
  await (await asked('subscription { orderChanged(id: "theirs") { status } }')).text();
  expect(await line()).toMatchObject({ type: 'subscription', protocol, outcome: 'refused', code: 'NOT_FOUND' });
});

test('on a stream that is shared: each operation when it is over, and nothing of the stream', async () => {
  const client = createClient({ url: router.url, singleConnection: true, retryAttempts: 0 });
  const heard = (query: string) => {
    const results: unknown[] = [];
    const over = Promise.withResolvers<void>();
    const stop = client.subscribe({ query }, { next: (result) => void results.push(result), error: over.reject, complete: over.resolve });
    return { results, over: over.promise, stop };
  };
  await heard('query Orders { orders { id } }').over;
  expect(await line()).toMatchObject({ operation: 'Orders', type: 'query', protocol: 'sse', outcome: 'ok', subgraphs: 1 });
  toys.lines.splice(0);
  await heard('{ nothing }').over;
  expect(await line()).toMatchObject({ type: 'none', protocol: 'sse', outcome: 'refused', code: 'GRAPHQL_VALIDATION_FAILED' });
  toys.lines.splice(0);
  const changes = heard(SHORT);
  await until(() => toys.events.listeners > 0);
  toys.events.publish({ orderId: '1', status: 'PAID', cursor: 'b' });
  await until(() => changes.results.length === 1);
  expect(access()).toEqual([]);
  changes.stop();
  await changes.over;
  expect(await line()).toMatchObject({ operation: 'Changes', type: 'subscription', outcome: 'ok', events: 1 });
  client.dispose();
  await until(() => toys.events.listeners === 0);
  expect(access()).toHaveLength(1);
});

test("Apollo's front has the same lines", async () => {
  const { url } = await toys.router({}, 'apollo', { operationNames: new Set(['Orders']) });
  const lines: Record<string, unknown>[] = [];
  for (const at of [router.url, url])
    for (const query of ['query Orders { orders { id } }', '{ refused(field: "name") }', '{ secret }', '{ nothing }', '{']) {
      await ask(at, query);
      const { ms, time, correlationId, ...told } = await line();
      lines.push(told);
      toys.lines.splice(0);
    }
  expect(lines.slice(5)).toEqual(lines.slice(0, 5));
});

test('metrics tell known operations by name, and no other name', async () => {
  for (const name of ['Orders', 'Mine', 'Yours']) await ask(router.url, `query ${name} { orders { id } }`);
  await until(() => access().length === 3);
  const text = await (await fetch(new URL('/metrics', router.url))).text();
  expect(text).toMatch(/madang_router_operations_total\{name="Orders",type="query",outcome="ok",context="router"\} \d+/);
  const names = new Set([...text.matchAll(/_operations_total\{name="([^"]+)"/g)].map(([, name]) => name));
  expect([...names].filter((name) => !['Orders', 'Changes', 'other', 'anonymous'].includes(name ?? ''))).toEqual([]);
});
