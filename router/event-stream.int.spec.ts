import { type Client, createClient, type ExecutionResult, type RequestParams } from 'graphql-sse';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Router } from './router.ts';
import { until } from './testing/ask.ts';
import { type Shop, shop } from './testing/shop.ts';

const SHORT = 'subscription { orderChanged { status } }';
const FULL = 'subscription ($id: ID) { orderChanged(id: $id) { status order { book { title } } } }';

type Heard = { readonly results: ExecutionResult<Record<string, unknown>, unknown>[]; end?: 'complete' | { error: unknown }; stop(): void };

describe('Server-Sent Events', () => {
  let world: Shop;
  let router: Router;
  const clients: Client<boolean>[] = [];
  beforeAll(async () => {
    world = await shop();
    router = await world.router({ upstreamIdleMs: 50, streamHeartbeatMs: 50 });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.dispose();
    await until(() => world.events.listeners === 0, 'no subscription left at the subgraph');
  });
  afterAll(() => world.close());

  function connect(singleConnection: boolean, headers: Record<string, string> = {}, url = router.url): Client<boolean> {
    const client = createClient({ url, singleConnection, headers, retryAttempts: 0 } as Parameters<typeof createClient<boolean>>[0]);
    clients.push(client);
    return client;
  }
  function hear(client: Client<boolean>, payload: RequestParams): Heard {
    const heard: Heard = { results: [], stop: () => stop() };
    const stop = client.subscribe<Record<string, unknown>>(payload, {
      next: (result) => void heard.results.push(result as Heard['results'][number]),
      complete() {
        heard.end ??= 'complete';
      },
      error(error) {
        heard.end = { error };
      },
    });
    return heard;
  }
  const got = (heard: Heard, count: number) => until(() => heard.results.length >= count, `${count} results, got ${JSON.stringify(heard)}`);
  const publish = (n: number | string) => world.events.publish({ orderId: String(n), status: `S${n}`, cursor: `c${n}` });

  describe.each([
    ['distinct connections', false],
    ['a single connection', true],
  ])('in %s', (_, single) => {
    it('fills events in with fields of other subgraphs, and lets go when the client leaves', async () => {
      const client = connect(single);
      const [first, second] = [hear(client, { query: FULL }), hear(client, { query: FULL, variables: { id: '9' } })];
      await until(() => world.events.listeners === 2);
      publish(1);
      await got(first, 1);
      await got(second, 1);
      expect(first.results).toEqual([{ data: { orderChanged: { status: 'S1', order: { book: { title: 'Title of book-1' } } } } }]);
      second.stop();
      await until(() => world.events.listeners === 1);
      publish(2);
      await got(first, 2);
      expect([first.end, second.results.length]).toEqual([undefined, 1]);
    });

    it('completes when the subgraph does', async () => {
      const heard = hear(connect(single), { query: SHORT });
      await until(() => world.events.listeners === 1);
      world.events.complete();
      await until(() => heard.end !== undefined);
      expect(heard).toMatchObject({ results: [], end: 'complete' });
    });

    it('answers queries and mutations', async () => {
      const client = connect(single);
      const query = hear(client, { query: '{ order(id: "1") { id } refused(field: "x") }' });
      const mutation = hear(client, { query: 'mutation { placeOrder(input: { bookId: "4" }) { book { title } } }' });
      await until(() => query.end === 'complete' && mutation.end === 'complete');
      expect(query.results).toMatchObject([{ data: { order: { id: '1' } }, errors: [{ extensions: { code: 'BAD_INPUT' } }] }]);
      expect(mutation.results).toEqual([{ data: { placeOrder: { book: { title: 'Title of 4' } } } }]);
    });

    it('tells a refusal, and what is wrong with the document or the variables, by its code', async () => {
      const client = connect(single);
      const codeOf = async (payload: RequestParams) => {
        const heard = hear(client, payload);
        await until(() => heard.end !== undefined);
        return heard.results.map(({ errors }) => (errors as unknown as { extensions: { code: string } }[])[0]?.extensions.code);
      };
      expect(await codeOf({ query: FULL, variables: { id: 'theirs' } })).toEqual(['NOT_FOUND']);
      expect(await codeOf({ query: 'subscription { nothing }' })).toEqual(['GRAPHQL_VALIDATION_FAILED']);
      expect(await codeOf({ query: 'subscription {' })).toEqual(['GRAPHQL_PARSE_FAILED']);
      expect(await codeOf({ query: FULL, variables: { id: {} } })).toEqual(['BAD_USER_INPUT']);
    });

    it('ends with UNAUTHENTICATED when the token expires', async () => {
      const token = await world.keys.token({}, { expiresIn: -2 });
      const heard = hear(connect(single, { authorization: `Bearer ${token}` }), { query: SHORT });
      await until(() => heard.end !== undefined);
      expect(heard.results).toMatchObject([{ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] }]);
    });

    it('ends with SUBSCRIPTION_INTERRUPTED when the router closes', async () => {
      const other = await world.router();
      const heard = hear(connect(single, {}, other.url), { query: SHORT });
      await until(() => world.events.listeners === 1);
      publish(7);
      await got(heard, 1);
      await other.close();
      await until(() => heard.results.length === 2);
      expect(heard.results[1]).toMatchObject({ errors: [{ extensions: { code: 'SUBSCRIPTION_INTERRUPTED', resumeAfter: 'c7' } }] });
    });
  });

  it("goes on when the token is renewed by a request with the stream's own, and is of the same account", async () => {
    const bearer = async (expiresIn: number) => ({ authorization: `Bearer ${await world.keys.token({ sub: 'kim' }, { expiresIn })}` });
    const first = await bearer(-3);
    const expiresAt = Date.now() + 2_000;
    const stream = { 'x-graphql-event-stream-token': await (await fetch(router.url, { method: 'PUT', headers: first })).text() };
    const abort = new AbortController();
    const response = await fetch(router.url, { headers: { ...first, ...stream, accept: 'text/event-stream' }, signal: abort.signal });
    const body = JSON.stringify({ query: SHORT, extensions: { operationId: '1' } });
    const headers = { ...(await bearer(900)), ...stream, 'content-type': 'application/json' };
    expect((await fetch(router.url, { method: 'POST', headers, body })).status).toBe(202);
    await until(() => Date.now() > expiresAt, 'the first token has expired');
    publish(1);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('"S1"')) text += (await reader?.read())?.value ?? '';
    expect(text).not.toContain('UNAUTHENTICATED');
    abort.abort();
  });

  it('refuses a token that is not valid before anything is streamed', async () => {
    const headers = { authorization: 'Bearer a.b.c', accept: 'text/event-stream', 'content-type': 'application/json' };
    const response = await fetch(router.url, { method: 'POST', headers, body: JSON.stringify({ query: SHORT }) });
    expect([response.status, await response.json()]).toMatchObject([401, { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] }]);
  });

  it('keeps a quiet stream alive', async () => {
    const headers = { accept: 'text/event-stream', 'content-type': 'application/json' };
    const response = await fetch(router.url, { method: 'POST', headers, body: JSON.stringify({ query: SHORT }) });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let text = '';
    while (text.length < 9) text += new TextDecoder().decode((await reader.read()).value);
    expect(text).toMatch(/^(:\n\n){3,}$/);
    await reader.cancel();
  });

  it('cuts a slow client off, telling where to resume', async () => {
    const patient = await world.router({ queuedResults: 8 });
    const query = 'subscription { orderChanged { cursor padding } }';
    const headers = { accept: 'text/event-stream', 'content-type': 'application/json' };
    const response = await fetch(patient.url, { method: 'POST', headers, body: JSON.stringify({ query }) });
    await until(() => world.events.listeners === 1);
    const padding = 'x'.repeat(512 * 1024);
    const cutOff = async () => /ended_total\{[^}]*code="SLOW_CONSUMER"/.test(await (await fetch(new URL('/metrics', patient.url))).text());
    for (let n = 1; !(await cutOff()); n++) world.events.publish({ orderId: '1', status: 'S', cursor: `c${n}`, padding });
    const text = await response.text();
    const last = [...text.matchAll(/"cursor":"(\w+)"/g)].at(-1)?.[1];
    const [, end] = /event: next\ndata: (\{"errors".*)\n\nevent: complete\ndata: \n\n$/.exec(text) ?? [];
    expect(JSON.parse(end ?? '{}')).toMatchObject({ errors: [{ extensions: { code: 'SLOW_CONSUMER', resumeAfter: last } }] });
  });

  it('lets nobody listen to, or speak on, the stream of somebody else', async () => {
    const as = async (sub: string) => ({ authorization: `Bearer ${await world.keys.token({ sub })}` });
    const token = await (await fetch(router.url, { method: 'PUT', headers: await as('kim') })).text();
    const own = { 'x-graphql-event-stream-token': token };
    const status = async (method: string, headers: object, body?: object) =>
      (
        await fetch(router.url, {
          method,
          headers: { ...own, ...headers, ...(body ? { 'content-type': 'application/json' } : { accept: 'text/event-stream' }) },
          ...(body ? { body: JSON.stringify(body) } : {}),
        })
      ).status;
    const operation = { query: '{ orders { id } }', extensions: { operationId: '1' } };
    expect(await status('GET', await as('lee'))).toBe(404);
    expect(await status('GET', {})).toBe(404);
    expect(await status('POST', await as('lee'), operation)).toBe(404);
    expect(await status('POST', await as('kim'), operation)).toBe(202);
    expect(await status('POST', await as('kim'), operation)).toBe(409);
    expect(await status('POST', await as('kim'), { query: '{ orders { id } }' })).toBe(400);
  });

  it('forgets a stream that nobody listens to', async () => {
    const hasty = await world.router({ initTimeoutMs: 20 });
    const token = await (await fetch(hasty.url, { method: 'PUT' })).text();
    const body = JSON.stringify({ query: SHORT, extensions: { operationId: '1' } });
    const headers = { 'content-type': 'application/json', 'x-graphql-event-stream-token': token };
    await until(async () => (await fetch(hasty.url, { method: 'POST', headers, body })).status === 404);
    await until(() => world.events.listeners === 0);
  });

  it('lets no page subscribe on behalf of its visitor', async () => {
    const headers = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)', accept: 'text/event-stream' };
    expect((await fetch(`${router.url}?query=${encodeURIComponent(SHORT)}`, { headers })).status).toBe(400);
    const get = `${router.url}?query=${encodeURIComponent('mutation { placeSlowly }')}`;
    expect((await fetch(get, { headers: { accept: 'text/event-stream' } })).status).toBe(405);
  });
});
