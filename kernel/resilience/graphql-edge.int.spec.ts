import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { parse } from 'graphql';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../testing/index.ts';
import { log } from '../testing/yard.ts';
import { LateRefusal } from './edge.ts';
import { edgeMetrics } from './edge-metrics.ts';
import { GraphqlEdge } from './graphql-edge.ts';
import { edgeSettings } from './settings.ts';

type Answer = { status?: number; body?: unknown } | 'hang' | 'hang up';

const document = parse('query Ping($n: Int) { ping(n: $n) }') as TypedDocumentNode<{ ping: number }, { n: number }>;
const ok = (): Answer => ({ body: { data: { ping: 1 } } });
const refused = (code: string, extensions = {}): Answer => ({
  body: { data: null, errors: [{ message: 'No.', extensions: { code, ...extensions } }] },
});

describe('an edge', () => {
  let server: Server;
  let answer: (call: number) => Answer | Promise<Answer>;
  let calls: number;
  let seen: { authorization?: string | undefined; correlation?: string | string[] | undefined };
  const edges: GraphqlEdge[] = [];

  beforeEach(async () => {
    calls = 0;
    answer = ok;
    server = createServer(async (request, response) => {
      calls++;
      seen = { authorization: request.headers.authorization, correlation: request.headers['x-correlation-id'] };
      const given = await answer(calls);
      if (given === 'hang') return;
      if (given === 'hang up') return void request.socket.destroy();
      response.writeHead(given.status ?? 200, { 'content-type': 'application/json' }).end(JSON.stringify(given.body ?? {}));
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  });
  afterEach(async () => {
    await Promise.all(edges.splice(0).map((edge) => edge.close()));
    server.closeAllConnections();
    server.close();
  });

  const edge = (variables: Record<string, string> = {}) => {
    const made = new GraphqlEdge({
      caller: 'orders',
      callee: 'payments',
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
      settings: edgeSettings(
        'orders',
        'payments',
        Object.fromEntries(Object.entries(variables).map(([name, value]) => [`ORDERS_TO_PAYMENTS_${name}`, value])),
      ),
      token: async (actor) => `token of ${actor.kind === 'service' && actor.name}`,
      metrics: edgeMetrics(new Registry()),
      log,
    });
    edges.push(made);
    return made;
  };
  const call = (on: GraphqlEdge) => on.call(document, { n: 1 }, { correlationId: 'c1' });

  it('calls with the service token and the correlation id', async () => {
    expect(await call(edge())).toEqual({ ping: 1 });
    expect(seen).toEqual({ authorization: 'Bearer token of orders', correlation: 'c1' });
  });

  it('passes a refusal on at once, and a refusal opens no breaker', async () => {
    answer = () => refused('PAYMENT_METHOD_REQUIRED', { field: 'x' });
    const on = edge();
    for (let n = 0; n < 7; n++)
      await expect(call(on)).rejects.toMatchObject({ name: 'Refused', code: 'PAYMENT_METHOD_REQUIRED', details: { field: 'x' } });
    expect(calls).toBe(7);
    expect(on.state).toBe('closed');
  });

  it('tells a refusal that comes after a try without an answer from one that is certain', async () => {
    answer = (n) => (n === 1 ? 'hang up' : refused('SOLD_OUT', { left: 0 }));
    const on = edge();
    const late = await call(on).catch((error: unknown) => error);
    expect(late).toBeInstanceOf(LateRefusal);
    expect(late).toMatchObject({ name: 'Refused', code: 'SOLD_OUT', details: { left: 0 } });
    await expect(call(on)).rejects.not.toBeInstanceOf(LateRefusal);
  });

  it('tries again after a lost connection or a server error', async () => {
    answer = (n) => (n === 1 ? 'hang up' : n === 2 ? { status: 503 } : ok());
    expect(await call(edge())).toEqual({ ping: 1 });
    expect(calls).toBe(3);
  });

  it.each<[string, Exclude<Answer, string>]>([
    ['nothing of GraphQL', { body: {} }],
    ['no object', { body: [] }],
    ['an answer to something else', { body: { data: { pong: 1 } } }],
    ['no data and no reason', { body: { data: null, errors: [] } }],
    ['errors that are none', { body: { errors: 'none' } }],
    ['that there is no such page', { status: 404, body: { message: 'not found' } }],
  ])('takes %s for no answer, and tries again', async (_, given) => {
    answer = () => given;
    await expect(call(edge())).rejects.toMatchObject({ name: 'Unavailable', reason: 'server', sent: true });
    expect(calls).toBe(3);
    answer = (n) => (n === 4 ? given : ok());
    expect(await call(edge())).toEqual({ ping: 1 });
  });

  it('gives up a try after its time-out and the whole call after the total one', async () => {
    answer = () => 'hang';
    const started = performance.now();
    await expect(call(edge({ TRY_TIMEOUT_MS: '100', TIMEOUT_MS: '180' }))).rejects.toMatchObject({
      name: 'Unavailable',
      reason: 'timeout',
      sent: true,
    });
    expect(performance.now() - started).toBeLessThan(600);
    expect(calls).toBe(2);
  });

  it('tells that nothing was sent when nobody listens', async () => {
    const on = edge({ RETRIES: '0' });
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    await expect(call(on)).rejects.toMatchObject({ reason: 'network', sent: false });
  });

  it('opens after five failures in a row, lets nothing through, and closes after three good trials', async () => {
    answer = () => refused('INTERNAL_SERVER_ERROR');
    const on = edge({ RETRIES: '0', BREAKER_OPEN_MS: '300' });
    const states: string[] = [];
    on.signals.on('state', (state) => states.push(state));
    for (let n = 0; n < 5; n++) await expect(call(on)).rejects.toMatchObject({ reason: 'server' });
    expect(on.state).toBe('open');
    await expect(call(on)).rejects.toMatchObject({ reason: 'broken', sent: false, retryAfterSeconds: 1 });
    expect(calls).toBe(5);

    answer = ok;
    await eventually(async () => (await call(on)).ping === 1);
    expect(on.state).toBe('half-open');
    await call(on);
    expect(on.state).toBe('half-open');
    await call(on);
    expect(on.state).toBe('closed');
    expect(states).toEqual(['open', 'half-open', 'closed']);
  });

  it('opens again when a trial fails, and lets no more than three trials through at a time', async () => {
    answer = () => refused('INTERNAL_SERVER_ERROR');
    const on = edge({ RETRIES: '0', BREAKER_OPEN_MS: '200' });
    for (let n = 0; n < 5; n++) await call(on).catch(() => {});
    let release = (_: Answer) => {};
    const held = new Promise<Answer>((resolve) => {
      release = resolve;
    });
    answer = () => held;
    const trials: Promise<unknown>[] = [];
    await eventually(() => {
      if (on.state !== 'half-open') trials.push(call(on).catch((error: unknown) => error));
      return calls >= 6;
    });
    trials.push(
      call(on).catch((error: unknown) => error),
      call(on).catch((error: unknown) => error),
    );
    await eventually(() => calls === 8);
    await expect(call(on)).rejects.toMatchObject({ reason: 'broken' });
    expect(calls).toBe(8);
    release(refused('INTERNAL_SERVER_ERROR'));
    await Promise.all(trials);
    expect(on.state).toBe('open');
  });

  it('refuses at once what neither the bulkhead nor its queue has room for', async () => {
    let release = (_: Answer) => {};
    const held = new Promise<Answer>((resolve) => {
      release = resolve;
    });
    answer = () => held;
    const on = edge({ BULKHEAD: '2', QUEUE: '1' });
    const inside = [call(on), call(on), call(on)];
    await expect(call(on)).rejects.toMatchObject({ reason: 'bulkhead', sent: false });
    release(ok());
    await expect(Promise.all(inside)).resolves.toHaveLength(3);
  });

  it('names the variable that is wrong', () => {
    expect(() => edge({ BULKHEAD: 'many' })).toThrow('ORDERS_TO_PAYMENTS_BULKHEAD');
  });
});
