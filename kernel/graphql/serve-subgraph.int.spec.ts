import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { anonymous, user } from '../domain/index.ts';
import { internalTokens } from '../identity/index.ts';
import { ToyServer, tokens } from './toy/server.ts';

let toys: ToyServer;
beforeEach(async () => {
  toys = await new ToyServer().start(null, { drainMs: 300 });
});
afterEach(() => toys.served.close());

const json = (path: string) => fetch(toys.url(path)).then(async (response) => ({ status: response.status, body: await response.json() }));

test.each([
  ['no token', {}],
  [
    'a forged token',
    { authorization: `Bearer ${await internalTokens('another secret, as long as it must be').issue(anonymous, 'router')}` },
  ],
  ['basic authentication', { authorization: 'Basic eDp5' }],
])('%s: 401, and a GraphQL error', async (_, headers) => {
  const response = await fetch(toys.served.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: '{"query":"{ whoami }"}',
  });
  expect(response.status).toBe(401);
  expect(await response.json()).toEqual({ errors: [{ message: expect.any(String), extensions: { code: 'UNAUTHENTICATED' } }] });
});

test.each([
  ['nobody', anonymous],
  ['a user', user('0190', 'ADMIN')],
])('%s with a token of the router is known to the resolvers', async (_, actor) => {
  const { body } = await toys.ask('{ whoami }', {}, { authorization: `Bearer ${await tokens.issue(actor, 'router')}` });
  expect(JSON.parse(String(body.data?.whoami))).toEqual(actor);
});

test('a refusal reaches the caller with code and path', async () => {
  const { status, body } = await toys.ask('{ fail(how: "refused") }');
  expect(status).toBe(200);
  expect(body).toMatchObject({
    data: { fail: null },
    errors: [{ message: 'The toy was not found.', path: ['fail'], extensions: { code: 'NOT_FOUND' } }],
  });
});

test('an outage of another context is TRY_AGAIN_LATER', async () => {
  const { body } = await toys.ask('{ fail(how: "unavailable") }');
  expect(body.errors?.[0]?.extensions).toEqual({ code: 'TRY_AGAIN_LATER', retryAfterSeconds: 7 });
});

test('an internal error is masked, and logged with the correlation id that the caller gets', async () => {
  const { body } = await toys.ask('{ fail(how: "internal") }', {}, { 'x-correlation-id': 'corr-1' });
  expect(body.errors).toMatchObject([
    { message: 'Internal error', extensions: { code: 'INTERNAL_SERVER_ERROR', correlationId: 'corr-1' } },
  ]);
  expect(JSON.stringify(body)).not.toMatch(/SELECT|stack/);
  const line = toys.lines.find(({ msg }) => msg === 'an operation failed');
  expect(line).toMatchObject({
    level: 'error',
    context: 'toys',
    correlationId: 'corr-1',
    err: { message: 'SELECT secret FROM toys', stack: expect.stringContaining('toy/server.ts'), password: '[redacted]' },
  });
});

test.each([
  ['{', 'GRAPHQL_PARSE_FAILED'],
  ['{ unknown }', 'GRAPHQL_VALIDATION_FAILED'],
  ['query ($n: Int!) { counted(first: $n) }', 'BAD_USER_INPUT'],
  ['query ($n: Int) { counted(first: $n) }', 'BAD_USER_INPUT'],
])('a mistake of the caller in %j is told as %s', async (query, code) => {
  const { body } = await toys.ask(query, { n: null });
  expect(body.errors?.[0]?.extensions.code).toBe(code);
  expect(body.errors?.[0]?.message).not.toBe('Internal error');
});

test.each([
  ['{ whoami again: whoami }'],
  ['mutation { add(to: 1) }'],
  ['{ fail(how: "refused") }'],
  ['{ fail(how: "unavailable") whoami }'],
  ['query ($n: Int! = 3) { counted(first: $n) }'],
  ['query ($n: Int!) { counted(first: $n) }'],
  ['{ unknown }'],
  ['{'],
  ['query A { whoami } query B { whoami }'],
  ['subscription { toyTold { n } }'],
])('%j is answered the same, whether Apollo Server carries it out or we do', async (query) => {
  const variables = query.includes('$n: Int!)') ? { n: 'three' } : {};
  const [ours, apollos] = await Promise.all(
    ['application/json', 'application/json;q=0.9'].map((accept) => toys.ask(query, variables, { accept, 'x-correlation-id': 'asked' })),
  );
  expect(ours).toEqual(apollos);
  expect(Object.keys(ours?.body ?? {})).toEqual(Object.keys(apollos?.body ?? {}));
});

test('references of one request are loaded together', async () => {
  const representations = ['a', 'b', 'a', 'gone', 'c'].map((id) => ({ __typename: 'Toy', id }));
  const { body } = await toys.ask('query ($r: [_Any!]!) { _entities(representations: $r) { ... on Toy { id madeAt } } }', {
    r: representations,
  });
  expect(toys.batches).toEqual([['a', 'b', 'gone', 'c']]);
  expect(body.data?._entities).toEqual(['a', 'b', 'a', null, 'c'].map((id) => id && { id, madeAt: '1970-01-01T00:00:00.000Z' }));
  expect(body.errors).toMatchObject([{ path: ['_entities', 3], extensions: { code: 'NOT_FOUND' } }]);
  await toys.ask('query ($r: [_Any!]!) { _entities(representations: $r) { ... on Toy { id } } }', { r: representations });
  expect(toys.batches).toHaveLength(2);
});

test('introspection and the federation SDL are there', async () => {
  const { body } = await toys.ask('{ __schema { queryType { name } } _service { sdl } }');
  expect(body.data).toMatchObject({ __schema: { queryType: { name: 'Query' } }, _service: { sdl: expect.stringContaining('type Toy') } });
});

test('each operation is logged and measured', async () => {
  await toys.ask('query Who { whoami }', {}, { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' });
  await toys.ask('mutation { add(to: 1) }');
  await toys.ask('{ fail(how: "refused") }');
  expect(toys.lines.find(({ operation }) => operation === 'Who')).toMatchObject({
    level: 'debug',
    type: 'query',
    outcome: 'ok',
    ms: expect.any(Number),
    correlationId: expect.any(String),
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  });
  const metrics = await (await fetch(toys.url('/metrics'))).text();
  for (const line of ['type="query",outcome="ok"', 'type="mutation",outcome="ok"', 'type="query",outcome="refused"'])
    expect(metrics).toContain(`madang_graphql_seconds_count{${line}} 1`);
});

test('health, readiness, own routes and nothing else', async () => {
  expect(await json('/healthz')).toEqual({ status: 200, body: { status: 'ok' } });
  expect(await json('/readyz')).toEqual({ status: 200, body: { status: 'ready' } });
  toys.unready = 'database: gone';
  expect(await json('/readyz?verbose')).toEqual({ status: 503, body: { status: 'not ready', reason: 'database: gone' } });
  expect(await json('/.well-known/toys.json')).toEqual({ status: 200, body: { toys: true } });
  expect((await json('/other')).status).toBe(404);
  expect((await fetch(toys.served.url)).status).toBe(405);
});

test.each([
  [
    'too long',
    `{"query":"{ whoami }","variables":{"x":"${'x'.repeat(1_100_000)}"}}`,
    'application/json',
    413,
    'The body must not be longer than 1048576 bytes.',
  ],
  ['no JSON', '{', 'application/json', 400, 'The body is not valid JSON.'],
  ['of another type', '{"query":"{ whoami }"}', 'text/plain', 415, 'The body must be application/json.'],
  ['without a query', '{"a":1}', 'application/json', 400, 'non-empty `query`'],
  ['a list', '[]', 'application/json', 400, 'batching'],
])('a body that is %s is refused', async (_, body, type, status, message) => {
  const headers = { 'content-type': type, authorization: `Bearer ${await tokens.issue(anonymous, 'router')}` };
  const response = await fetch(toys.served.url, { method: 'POST', headers, body });
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({
    errors: [{ message: expect.stringContaining(message), extensions: { code: 'BAD_REQUEST' } }],
  });
});

test('a body without a length is cut at the limit, too', async () => {
  const request = httpRequest(toys.served.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await tokens.issue(anonymous, 'router')}` },
  });
  request.on('error', () => {});
  request.write('x'.repeat(2_000_000));
  const [response] = await once(request, 'response');
  expect(response.statusCode).toBe(413);
  request.destroy();
});

test('draining: what runs is finished, what is new is refused, then the port is free', async () => {
  const running = toys.ask('{ slow }');
  const idle = await fetch(toys.url('/healthz'));
  await idle.text();
  await toys.slow.begun.promise;
  const closing = toys.served.close();
  expect(await json('/readyz')).toMatchObject({ status: 503, body: { reason: 'draining' } });
  expect((await json('/healthz')).status).toBe(200);
  const refused = await toys.ask('{ whoami }');
  expect(refused).toMatchObject({ status: 503, body: { errors: [{ extensions: { code: 'TRY_AGAIN_LATER', retryAfterSeconds: 1 } }] } });
  toys.slow.end.resolve();
  expect((await running).body).toEqual({ data: { slow: 'done' } });
  await closing;
  await expect(fetch(toys.url('/healthz'))).rejects.toThrow();
});

test('draining waits no longer than it may', async () => {
  const running = toys.ask('{ slow }').catch(() => 'cut');
  await toys.slow.begun.promise;
  await toys.served.close();
  expect(await running).toBe('cut');
  expect(toys.lines.some(({ msg }) => String(msg).startsWith('requests were still running'))).toBe(true);
});

test('a taken port is told', async () => {
  await expect(new ToyServer().start(null, { port: toys.served.port })).rejects.toThrow(
    `toys cannot listen on 127.0.0.1:${toys.served.port}`,
  );
});

test('resolvers that do not fit the SDL are told', async () => {
  const parts = { resolvers: { Query: { whoami: () => '', whoareyou: () => '' }, Nothing: {} } };
  await expect(new ToyServer().start(null, { parts })).rejects.toThrow(
    'resolvers and SDL do not fit: there is no field Query.whoareyou; there is no type Nothing; Query.fail has no resolver',
  );
});
