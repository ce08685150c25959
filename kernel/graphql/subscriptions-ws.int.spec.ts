import { once } from 'node:events';
import type { FormattedExecutionResult } from 'graphql';
import { type Client, MessageType } from 'graphql-ws';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Actor, anonymous, user } from '../domain/index.ts';
import { eventually, testPrefix, testServers } from '../testing/index.ts';
import { ToyServer, tokens } from './toy/server.ts';
import { range, ToyStream } from './toy/stream.ts';

let stream: ToyStream;
let toys: ToyServer;
let client: Client;
const customer = user('0190', 'CUSTOMER');

beforeAll(async () => {
  stream = await ToyStream.make(testServers().natsUrl, testPrefix());
});
afterAll(() => stream.close());
beforeEach(async () => {
  toys = await new ToyServer().start(stream.source({ queueSize: 50 }));
  client = toys.client();
});
afterEach(async () => {
  await client.dispose();
  await toys.served.close();
});

const as = async (actor: Actor, more = {}) => ({ extensions: { token: await tokens.issue(actor, 'router'), ...more } });
const TOLD = 'subscription ($to: String, $after: String) { toyTold(to: $to, after: $after) { n cursor toy { id loads } } }';
type Told = { toyTold: { n: number; cursor: string; toy: { id: string; loads: number } } };

/** Subscribes; nothing is sent before the first `next`. */
async function subscribe(actor: Actor, variables: Record<string, unknown> = {}, on: Client = client, more = {}) {
  const results = on.iterate<Told>({ query: TOLD, variables, ...(await as(actor, more)) });
  return results;
}
const next = async (results: AsyncIterator<FormattedExecutionResult<Told, unknown>>) => {
  const { value, done } = await results.next();
  if (done) throw new Error('the subscription ended');
  return value as FormattedExecutionResult<Told>;
};
const watched = () =>
  eventually(async () =>
    (await (await fetch(toys.url('/metrics'))).text()).includes('madang_graphql_seconds_count{type="subscription",outcome="ok"}'),
  );

test('an event reaches the subscriber, with entities read when it happened', async () => {
  const results = await subscribe(customer);
  const first = next(results);
  await watched();
  await stream.tell(1);
  await stream.tell(2);
  expect((await first).data?.toyTold).toMatchObject({ n: 1, toy: { id: 'a toy', loads: 1 } });
  expect((await next(results)).data?.toyTold).toMatchObject({ n: 2, toy: { loads: 2 } });
});

test('many users share a socket, each sees its own', async () => {
  const [mine, yours] = [await subscribe(customer, { to: 'me' }), await subscribe(user('0191'), { to: 'you' })];
  const waiting = [next(mine), next(yours)];
  await eventually(async () => (await (await fetch(toys.url('/metrics'))).text()).includes('type="subscription",outcome="ok"} 2'));
  await stream.tell(1, { to: 'you' });
  await stream.tell(2, { to: 'me' });
  expect((await Promise.all(waiting)).map(({ data }) => data?.toyTold.n)).toEqual([2, 1]);
});

test('the anonymous are refused, and who asks for what is not theirs, before the first event', async () => {
  expect((await next(await subscribe(anonymous))).errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  expect((await next(await subscribe(customer, { to: 'nobody' }))).errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  expect((await next(await subscribe(customer, { after: 'broken' }))).errors).toMatchObject([
    { extensions: { code: 'BAD_INPUT', field: 'after' } },
  ]);
});

test('without a token nothing is done', async () => {
  const results = client.iterate({ query: '{ whoami }' });
  await expect(results.next()).rejects.toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  const forged = client.iterate({ query: '{ whoami }', extensions: { token: 'x.y.z' } });
  await expect(forged.next()).rejects.toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
});

test('a token of the connection is good for its operations; a forged one closes it', async () => {
  const own = toys.client({ token: await tokens.issue(customer, 'router') });
  const { value } = await own.iterate({ query: '{ whoami }' }).next();
  expect(JSON.parse((value as { data: { whoami: string } }).data.whoami)).toEqual(customer);
  await own.dispose();
  await expect(toys.client({ token: 'x.y.z' }).iterate({ query: '{ whoami }' }).next()).rejects.toMatchObject({ code: 4403 });
});

test('queries and mutations go over the socket, too, with the same errors', async () => {
  const ask = async (query: string, more = {}) => client.iterate({ query, ...(await as(customer, more)) }).next();
  expect((await ask('mutation { add(to: 2) }')).value).toEqual({ data: { add: 3 } });
  expect((await ask('{ fail(how: "internal") }', { correlationId: 'corr-2' })).value).toMatchObject({
    errors: [{ message: 'Internal error', extensions: { code: 'INTERNAL_SERVER_ERROR', correlationId: 'corr-2' } }],
  });
  await expect(ask('{ unknown }')).rejects.toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
  await expect(ask('{')).rejects.toMatchObject([{ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }]);
});

test('a subscriber that comes back gets first what it missed', async () => {
  const results = await subscribe(customer);
  const first = next(results);
  await watched();
  await stream.tell(1);
  const after = (await first).data?.toyTold.cursor;
  await results.return?.();
  await stream.tellAll(2, 300);
  const again = await subscribe(customer, { after });
  for (const n of range(2, 300)) expect((await next(again)).data?.toyTold.n).toBe(n);
});

test('who asks for it is told where a subscription begins, and how far it has come without an event for it', async () => {
  const brief = await new ToyServer().start(stream.source({ progressMs: 20 }));
  const own = brief.client();
  const positionOf = ({ data, extensions }: FormattedExecutionResult<Told>) => (data === null ? String(extensions?.position) : undefined);
  const results = await subscribe(customer, { to: 'me' }, own, { positions: true });
  const begin = positionOf(await next(results));
  await stream.tell(1, { to: 'me' });
  expect((await next(results)).data?.toyTold.n).toBe(1);
  await stream.tell(2, { to: 'you' });
  const later = positionOf(await next(results));
  expect(later).not.toBe(begin);
  await stream.tell(3, { to: 'me' });
  expect((await next(results)).data?.toyTold.n).toBe(3);
  for (const [after, missed] of [
    [begin, [1, 3]],
    [later, [3]],
  ] as const) {
    const again = await subscribe(customer, { to: 'me', after }, own);
    for (const n of missed) expect((await next(again)).data?.toyTold.n).toBe(n);
    await again.return?.();
  }
  await own.dispose();
  await brief.served.close();
});

test('a client that does not read is cut off with the place to go on', async () => {
  const socket = await toys.socket();
  const messages: { type: string; payload: { data: Told; extensions: Record<string, unknown> }[] & { data: Told } }[] = [];
  socket.on('message', (data) => messages.push(JSON.parse(String(data))));
  socket.send(JSON.stringify({ type: MessageType.ConnectionInit }));
  await eventually(() => messages.length === 1);
  const query = `subscription { toyTold { n cursor ${range(1, 3_000)
    .map((at) => `c${at}: cursor`)
    .join(' ')} } }`;
  socket.send(JSON.stringify({ id: '1', type: MessageType.Subscribe, payload: { query, ...(await as(customer)) } }));
  await watched();
  socket.pause();
  await stream.tellAll(1, 400);
  socket.resume();
  await eventually(() => messages.at(-1)?.type === 'error');
  const got = messages.slice(1, -1);
  expect(got.map(({ payload }) => payload.data.toyTold.n)).toEqual(range(1, got.length));
  expect(got.length).toBeLessThan(400);
  expect(messages.at(-1)?.payload[0]?.extensions).toMatchObject({
    code: 'SLOW_CONSUMER',
    resumeAfter: got.at(-1)?.payload.data.toyTold.cursor,
  });
  socket.terminate();
});

test('draining ends a subscription as an error that says where to go on, then closes with 1001', async () => {
  const closed = new Promise<{ code: number }>((resolve) => client.on('closed', (event) => resolve(event as { code: number })));
  const results = await subscribe(customer);
  const first = next(results);
  await watched();
  await stream.tell(1);
  const cursor = (await first).data?.toyTold.cursor;
  const ended = results.next();
  const expected = expect(ended).rejects.toMatchObject([{ extensions: { code: 'GOING_AWAY', resumeAfter: cursor, retryAfterSeconds: 1 } }]);
  await toys.served.close();
  await expected;
  expect((await closed).code).toBe(1001);
});

test('sockets on other paths are refused', async () => {
  const { WebSocket } = await import('ws');
  const socket = new WebSocket(toys.url('/other').replace('http', 'ws'), 'graphql-transport-ws');
  const [error] = await once(socket, 'error');
  expect(String(error)).toContain('404');
});
