import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import type { DoorSettings } from '../settings/door.ts';
import { ask, until } from '../testing/ask.ts';
import { clientOf, listen } from '../testing/listen.ts';
import { type Shop, shop } from '../testing/shop.ts';

let world: Shop;
beforeAll(async () => {
  world = await shop();
});
afterAll(() => world.close());

const routerWith = (door: Partial<DoorSettings>, front?: 'own' | 'apollo') => world.router({ upstreamIdleMs: 50 }, front, { door });
const bearer = async (sub: string) => ({ authorization: `Bearer ${await world.keys.token({ sub })}` });
const TOO_MANY = { code: 'TRY_AGAIN_LATER', retryAfterSeconds: expect.any(Number) };
const post = (url: string, query: string, headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ query }) });

/** Sends bytes; says what came back until the connection was closed. */
async function raw(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.write(text);
  const parts: Buffer[] = [];
  socket.on('data', (part: Buffer) => parts.push(part));
  await once(socket, 'close');
  return Buffer.concat(parts).toString();
}

describe('who asks too often', () => {
  it('is refused with 429 and told when to come again: an account by itself, the anonymous by their address', async () => {
    const { url } = await routerWith({ ratePerAccount: 1, burstPerAccount: 2, ratePerAddress: 1, burstPerAddress: 3 });
    const kim = await bearer('kim');
    const statuses = [];
    for (let n = 0; n < 3; n++) statuses.push((await ask(url, '{ orders { id } }', { headers: kim })).status);
    expect(statuses).toEqual([200, 200, 429]);
    const { headers, errors } = await ask(url, '{ orders { id } }', { headers: kim });
    expect(errors[0]?.extensions).toEqual(TOO_MANY);
    expect(headers.get('retry-after')).toBe(String(errors[0]?.extensions.retryAfterSeconds));
    expect((await ask(url, '{ orders { id } }', { headers: await bearer('lee') })).status).toBe(200);
    for (const status of [200, 200, 200, 429]) expect((await ask(url, '{ orders { id } }')).status).toBe(status);
    const metrics = await (await fetch(new URL('/metrics', url))).text();
    expect(metrics).toMatch(/rate_limited_total\{kind="account"[^}]*\} 2/);
    expect(metrics).toMatch(/rate_limited_total\{kind="address"[^}]*\} 1/);
  });

  it('is refused over every protocol; on a WebSocket the operation, not the socket', async () => {
    const { url } = await routerWith({ ratePerAccount: 1, burstPerAccount: 3 });
    const kim = await bearer('kim');
    const client = clientOf(url, { connectionParams: kim, lazy: false });
    const watched = listen(client, { query: 'subscription { orderChanged { status cursor } }' });
    await until(() => world.events.listeners === 1);
    expect(await listen(client, { query: '{ orders { id } }' }).ended()).toEqual({ kind: 'complete' });
    expect((await ask(url, '{ orders { id } }', { headers: kim })).status).toBe(200);
    expect(await listen(client, { query: '{ orders { id } }' }).ended()).toMatchObject({
      kind: 'errors',
      errors: [{ extensions: TOO_MANY }],
    });
    for (const accept of ['text/event-stream', 'multipart/mixed;boundary="graphql";subscriptionSpec="1.0"'])
      expect((await post(url, 'subscription { other }', { ...kim, accept })).status).toBe(429);
    world.events.publish({ orderId: '1', status: 'PAID', cursor: 'a' });
    await watched.got(1);
    await client.dispose();
  });

  it('pays for each operation of a batch', async () => {
    const told = { door: { ratePerAddress: 1, burstPerAddress: 2 }, documents: { batch: 5 } };
    const { url } = await world.router({ upstreamIdleMs: 50 }, 'own', told);
    const body = JSON.stringify(Array.from({ length: 3 }, () => ({ query: '{ orders { id } }' })));
    const answers = await (await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).json();
    expect(answers).toMatchObject([{ data: { orders: [{}, {}] } }, { data: { orders: [{}, {}] } }, { errors: [{ extensions: TOO_MANY }] }]);
  });

  it('pays for tokens that are not valid, too', async () => {
    const { url } = await routerWith({ ratePerAddress: 1, burstPerAddress: 2 });
    const statuses = [];
    for (let n = 0; n < 3; n++) statuses.push((await ask(url, '{ who }', { headers: { authorization: `Bearer ${n}.y.z` } })).status);
    expect(statuses).toEqual([401, 401, 429]);
    expect((await ask(url, '{ who }', { headers: await bearer('kim') })).status).toBe(200);
    const closed = await listen(clientOf(url, { connectionParams: { authorization: 'Bearer x.y.z' } }), { query: '{ who }' }).ended();
    expect(closed).toMatchObject({ kind: 'closed', code: 1013 });
  });

  it('is told apart behind a trusted proxy, and cannot pretend without one', async () => {
    const settings = { ratePerAddress: 1, burstPerAddress: 1 };
    const behind = await routerWith({ ...settings, trustedProxies: ['127.0.0.1'] });
    const from = (url: string, address: string) => post(url, '{ who }', { 'x-forwarded-for': address }).then(({ status }) => status);
    expect([await from(behind.url, '9.9.9.9, 1.1.1.1'), await from(behind.url, '1.1.1.1'), await from(behind.url, '2.2.2.2')]).toEqual([
      200, 429, 200,
    ]);
    const open = await routerWith(settings);
    expect([await from(open.url, '1.1.1.1'), await from(open.url, '2.2.2.2')]).toEqual([200, 429]);
  });
});

describe.each(['own', 'apollo'] as const)('an operation that takes too long, front %s', (front) => {
  it('is given up with what there is, where it reads', async () => {
    const { url } = await routerWith({ operationTimeoutMs: 200 }, front);
    const { status, data, errors } = await ask(url, '{ orders { id } customer { name } slow }');
    expect([status, data]).toEqual([200, null]);
    expect(errors.find(({ path }) => path?.[0] === 'slow')).toEqual({
      message: '"slow" took longer than an operation may.',
      path: ['slow'],
      extensions: { code: 'TRY_AGAIN_LATER', field: 'slow', retryAfterSeconds: 2, timedOutAfterMs: 200 },
    });
    expect(errors.map(({ extensions }) => extensions.code)).not.toContain('INTERNAL_SERVER_ERROR');
  });

  it('has an outcome that is unknown, where it changes something, and begins nothing afterwards', async () => {
    const { url } = await routerWith({ operationTimeoutMs: 200 }, front);
    const { data, errors } = await ask(url, 'mutation { a: placeSlowly b: placeOrder(input: { bookId: "never" }) { id } }');
    expect(data).toBeNull();
    expect(errors.find(({ path }) => path?.[0] === 'a')?.extensions).toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE', timedOutAfterMs: 200 });
    const metrics = await (await fetch(new URL('/metrics', url))).text();
    expect(metrics).toMatch(/madang_router_timed_out_total\{[^}]*\} 1/);
  });
});

it('an operation that takes too long is given up over WebSocket as well', async () => {
  const { url } = await routerWith({ operationTimeoutMs: 200 });
  const client = clientOf(url);
  const asked = listen(client, { query: '{ customer { name } slow }' });
  const [result] = await asked.got(1);
  expect(result).toMatchObject({ errors: [{ extensions: { code: 'TRY_AGAIN_LATER', timedOutAfterMs: 200 } }] });
  expect(await asked.ended()).toEqual({ kind: 'complete' });
  await client.dispose();
});

describe('a request that does not end', () => {
  it.each([
    ['in its headers', 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-ty'],
    ['in its body', 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"query":'],
  ])('%s is ended with 408', async (_, text) => {
    const { url } = await routerWith({ headersTimeoutMs: 100, requestTimeoutMs: 200 });
    const answer = await raw(url, text);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('{"errors":[{"message":"The request did not arrive in time.","extensions":{"code":"REQUEST_TIMEOUT"}}]}');
  });

  it('may not have endless headers either, nor be no HTTP', async () => {
    const { url } = await routerWith({ headerBytes: 2_048 });
    expect(await raw(url, `GET /graphql HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(4_096)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 .*HEADERS_TOO_LARGE/s,
    );
    expect(await raw(url, 'nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*"code":"BAD_REQUEST"/s);
  });

  it('may not have two lengths', async () => {
    const { url } = await routerWith({});
    const smuggled =
      'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\n\r\n';
    expect(await raw(url, smuggled)).toMatch(/^HTTP\/1\.1 400 /);
  });
});

describe('pages of other origins', () => {
  it('may not read answers unless their origin is listed, whatever the answer', async () => {
    const { url } = await routerWith({ corsOrigins: ['https://shop.example'] });
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    for (const [origin, allowed] of [
      ['https://shop.example', 'https://shop.example'],
      ['https://evil.example', null],
    ] as const) {
      for (const [method, body, accept] of [
        ['OPTIONS', null, '*/*'],
        ['POST', '{"query":"{ orders { id } }"}', 'application/json'],
        ['POST', 'no json', 'application/json'],
        ['POST', '{"query":"{ orders { id } }"}', 'text/event-stream'],
        ['PUT', null, '*/*'],
      ] as const) {
        const answer = await fetch(url, { method, body, headers: { ...headers, accept, origin } });
        await answer.text();
        expect([method, answer.headers.get('access-control-allow-origin')]).toEqual([method, allowed]);
        expect(answer.headers.get('vary')).toBe('origin');
        expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
      }
    }
  });

  it('may not open WebSockets unless their origin is listed', async () => {
    const { url } = await routerWith({ corsOrigins: ['https://shop.example'] });
    const open = async (origin?: string) => {
      const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', { origin });
      const how = await once(socket, 'open').then(
        () => 'open',
        (error: Error) => error.message,
      );
      socket.terminate();
      return how;
    };
    expect(await open('https://evil.example')).toContain('403');
    expect([await open('https://shop.example'), await open(new URL(url).origin), await open()]).toEqual(['open', 'open', 'open']);
  });
});

it.each([
  ['text/plain', '{"query":"mutation { placeOrder(input: { bookId: \\"csrf\\" }) { id } }"}'],
  ['application/x-www-form-urlencoded', 'query=mutation{placeOrder(input:{bookId:"csrf"}){id}}'],
  ['multipart/form-data; boundary=x', '--x\r\ncontent-disposition: form-data; name="query"\r\n\r\nmutation{placeSlowly}\r\n--x--'],
])('a page that makes its visitor send %s changes nothing', async (type, body) => {
  const before = world.orders.requests.length;
  for (const front of ['own', 'apollo'] as const) {
    const { url } = await routerWith({}, front);
    for (const accept of ['*/*', 'text/event-stream', 'multipart/mixed;subscriptionSpec="1.0"']) {
      const headers = { 'content-type': type, accept, 'user-agent': 'Mozilla/5.0', origin: 'https://evil.example' };
      const answer = await fetch(url, { method: 'POST', headers, body });
      expect([400, 415]).toContain(answer.status);
      expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
    }
  }
  expect(world.orders.requests).toHaveLength(before);
});

describe("clients' headers", () => {
  const FORGED = { 'x-client-address': '6.6.6.6', 'x-tenant': 'a', 'x-other': 'b', cookie: 'c=d' };

  it('stay at the router; it says itself where a client is', async () => {
    const { url } = await routerWith({});
    const before = world.orders.requests.length;
    await ask(url, '{ orders { id } }', { headers: FORGED });
    const { headers } = world.orders.requests[before] ?? { headers: {} };
    expect(headers).toMatchObject({ 'x-client-address': '127.0.0.1', authorization: expect.stringMatching(/^Bearer /) });
    for (const name of ['x-tenant', 'x-other', 'cookie', 'user-agent']) expect(headers).not.toHaveProperty(name);
  });

  it('go on to every subgraph when they are listed', async () => {
    const { url } = await routerWith({ passedHeaders: ['X-Tenant'] });
    const marks = [world.orders, world.books].map(({ requests }) => requests.length);
    await ask(url, '{ orders { id book { title } } }', { headers: FORGED });
    for (const [at, { requests }] of [world.orders, world.books].entries()) {
      const { headers } = requests[marks[at] ?? 0] ?? { headers: {} };
      expect(headers).toMatchObject({ 'x-tenant': 'a', 'x-client-address': '127.0.0.1' });
      expect(headers).not.toHaveProperty('x-other');
    }
  });

  it('that are passed on keep subscriptions apart', async () => {
    const { url } = await routerWith({ passedHeaders: ['x-tenant'] });
    const stop = new AbortController();
    for (const tenant of ['a', 'a', 'b'])
      void fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'text/event-stream', 'x-tenant': tenant },
        body: '{"query":"subscription { orderChanged { status order { book { title } } } }"}',
        signal: stop.signal,
      }).catch(() => undefined);
    const open = async () =>
      Number(/subscriptions_open\{[^}]*orders[^}]*\} (\d+)/.exec(await (await fetch(new URL('/metrics', url))).text())?.[1]);
    await until(async () => (await open()) === 3);
    await until(() => world.events.listeners === 2);
    const before = world.books.requests.length;
    world.events.publish({ orderId: '1', status: 'PAID', cursor: 'x' });
    await until(() => world.books.requests.length === before + 2);
    expect(
      world.books.requests
        .slice(before)
        .map(({ headers }) => headers['x-tenant'])
        .toSorted(),
    ).toEqual(['a', 'b']);
    stop.abort();
    await until(() => world.events.listeners === 0);
  });
});

it('what is no path is not found, and nothing else happens', async () => {
  const { url } = await routerWith({});
  for (const path of ['//', 'http://[', '*', '/%']) {
    const upgrade = `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n`;
    expect(await raw(url, `${upgrade}sec-websocket-protocol: nothing\r\nconnection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 4\d\d |^$/);
    expect(await raw(url, `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 4\d\d /);
  }
  expect((await fetch(new URL('/healthz', url))).status).toBe(200);
});
