import { ApolloClient, CombinedGraphQLErrors, CombinedProtocolErrors, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Router, RouterOptions } from './router.ts';
import { until } from './testing/ask.ts';
import { type Shop, shop } from './testing/shop.ts';

const FULL = gql`subscription ($id: ID) { orderChanged(id: $id) { status cursor order { book { title } } } }`;
const ACCEPT = 'multipart/mixed;boundary="graphql";subscriptionSpec="1.0",application/graphql-response+json,application/json;q=0.9';

type Change = { orderChanged: { status: string } };
type Heard = { readonly data: unknown[]; readonly errors: unknown[]; complete: boolean; stop(): void };

describe.each(['own', 'apollo'] as const)("Apollo Client's multipart subscriptions, front %s", (front) => {
  let world: Shop;
  let router: Router;
  const heardAll: Heard[] = [];
  beforeAll(async () => {
    world = await shop();
    router = await world.router({ upstreamIdleMs: 50, streamHeartbeatMs: 20, queuedResults: 8 }, front as RouterOptions['front']);
  });
  afterEach(async () => {
    for (const heard of heardAll.splice(0)) heard.stop();
    await until(() => world.events.listeners === 0, 'no subscription left at the subgraph');
  });
  afterAll(() => world.close());

  function hear(variables: { id?: string } = {}, headers: Record<string, string> = {}, uri = router.url): Heard {
    const client = new ApolloClient({ link: new HttpLink({ uri, headers }), cache: new InMemoryCache() });
    const subscription = client.subscribe<Change>({ query: FULL, variables }).subscribe({
      next({ data, error }) {
        if (data) heard.data.push(data);
        if (error) heard.errors.push(error);
      },
      error: (error: unknown) => void heard.errors.push(error),
      complete() {
        heard.complete = true;
      },
    });
    const heard: Heard = { data: [], errors: [], complete: false, stop: () => subscription.unsubscribe() };
    heardAll.push(heard);
    return heard;
  }
  const publish = (n: number | string, padding?: string) =>
    world.events.publish({ orderId: String(n), status: `S${n}`, cursor: `c${n}`, ...(padding ? { padding } : {}) });

  it('fill events in with fields of other subgraphs, and let go when the client leaves', async () => {
    const heard = hear();
    await until(() => world.events.listeners === 1);
    publish(1);
    publish(2);
    await until(() => heard.data.length === 2);
    expect(heard.data[1]).toMatchObject({ orderChanged: { status: 'S2', order: { book: { title: 'Title of book-2' } } } });
    heard.stop();
    await until(() => world.events.listeners === 0);
  });

  it('complete when the subgraph does', async () => {
    const heard = hear();
    await until(() => world.events.listeners === 1);
    world.events.complete();
    await until(() => heard.complete);
    expect(heard.errors).toEqual([]);
  });

  it("tell the subgraph's refusal as an error of the operation", async () => {
    const heard = hear({ id: 'theirs' });
    await until(() => heard.errors.length === 1);
    const [error] = heard.errors;
    expect(CombinedGraphQLErrors.is(error) && error.errors[0]?.extensions?.code).toBe('NOT_FOUND');
  });

  it('tell an expired token, and the closing of the router, as an error of the protocol', async () => {
    const codes = (heard: Heard) => heard.errors.map((error) => CombinedProtocolErrors.is(error) && error.errors[0]?.extensions?.code);
    const late = hear({}, { authorization: `Bearer ${await world.keys.token({}, { expiresIn: -3 })}` });
    const other = await world.router({}, front);
    const cut = hear({}, {}, other.url);
    await until(() => late.errors.length === 1);
    expect(codes(late)).toEqual(['UNAUTHENTICATED']);
    publish(3);
    await until(() => cut.data.length === 1);
    await other.close();
    await until(() => cut.errors.length === 1);
    expect(codes(cut)).toEqual(['SUBSCRIPTION_INTERRUPTED']);
  });

  const subscribe = (query: string) =>
    fetch(router.url, {
      method: 'POST',
      headers: { accept: ACCEPT, 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });

  it('have heartbeats', async () => {
    const response = await subscribe('subscription { other }');
    expect(response.headers.get('content-type')).toBe('multipart/mixed;boundary="graphql";subscriptionSpec="1.0"');
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let text = '';
    while (text.split('--graphql').length < 5) text += new TextDecoder().decode((await reader.read()).value);
    expect(
      text
        .replace(/^--graphql/, '')
        .split('\r\n--graphql')
        .slice(0, 3),
    ).toEqual(Array.from({ length: 3 }, () => '\r\ncontent-type: application/json\r\n\r\n{}'));
    await reader.cancel();
  });

  it('answer what is no subscription, or wrong, once', async () => {
    const response = await subscribe('{ orders { id } }');
    expect(response.headers.get('content-type')).toMatch(/^application\//);
    expect(await response.json()).toMatchObject({ data: { orders: [{ id: '1' }, { id: '2' }] } });
    expect(await (await subscribe('subscription { nothing }')).json()).toMatchObject({
      errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    });
  });

  it('cut a slow client off, while others go on', async () => {
    const abort = new AbortController();
    const body = JSON.stringify({ query: 'subscription { orderChanged { cursor padding } }' });
    const headers = { accept: ACCEPT, 'content-type': 'application/json' };
    const slow = await fetch(router.url, { method: 'POST', headers, body, signal: abort.signal });
    const fast = hear();
    await until(() => world.events.listeners === 2);
    let sent = 0;
    while (world.events.listeners === 2 && sent < 200) {
      publish(++sent, 'x'.repeat(512 * 1024));
      await until(() => fast.data.length === sent);
    }
    await until(() => world.events.listeners === 1, 'the slow one released');
    publish('on');
    await until(() => fast.data.length === sent + 1);
    expect(fast.errors).toEqual([]);
    abort.abort();
    await slow.text().catch(() => undefined);
  });
});
