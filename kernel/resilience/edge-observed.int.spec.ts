import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { parse } from 'graphql';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTracer } from '../observability/index.ts';
import { eventually, standIn } from '../testing/index.ts';
import { type OtlpCollector, otlpCollector } from '../testing/otlp-collector.ts';
import { log } from '../testing/yard.ts';
import { edgeMetrics } from './edge-metrics.ts';
import { GraphqlEdge } from './graphql-edge.ts';
import { edgeSettings } from './settings.ts';

const document = parse('query Ping($n: Int) { ping(n: $n) }') as TypedDocumentNode<{ ping: number }, { n: number }>;
const TRACEPARENT = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;

let callee: Awaited<ReturnType<typeof standIn>>;
let collector: OtlpCollector;
let answers: ((status: number) => void)[];
let traceparents: unknown[];

beforeEach(async () => {
  answers = [];
  traceparents = [];
  collector = await otlpCollector();
  callee = await standIn((request, response) => {
    traceparents.push(request.headers.traceparent);
    answers.push((status) => void response.writeHead(status, { 'content-type': 'application/json' }).end('{"data":{"ping":1}}'));
  });
});
afterEach(async () => {
  callee.close();
  await collector.close();
});

it('a call is a span, its failed tries are events of it, and its places in use are told while it is on its way', async () => {
  const registry = new Registry();
  const tracer = await openTracer('orders', { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }, log);
  const settings = edgeSettings('orders', 'payments', { ORDERS_TO_PAYMENTS_TRY_TIMEOUT_MS: '5000', ORDERS_TO_PAYMENTS_TIMEOUT_MS: '9000' });
  const metrics = edgeMetrics(registry);
  const edge = new GraphqlEdge({
    ...{ caller: 'orders', callee: 'payments', url: callee.url, settings, token: async () => 'secret-token', metrics, log, tracer },
  });
  const calling = edge.call(document, { n: 4_111 }, { correlationId: 'c1', traceparent: TRACEPARENT });
  await eventually(() => answers.length === 1);
  const told = await registry.metrics();
  expect(told).toContain('madang_edge_bulkhead_running{edge="orders→payments"} 1');
  expect(told).toContain('madang_edge_bulkhead_places{edge="orders→payments"} 32');
  expect(told).toContain('madang_edge_calls_total{edge="orders→payments",outcome="broken"} 0');
  answers[0]?.(503);
  await eventually(() => answers.length === 2);
  answers[1]?.(200);
  expect(await calling).toEqual({ ping: 1 });
  expect(await registry.metrics()).toContain('madang_edge_bulkhead_running{edge="orders→payments"} 0');

  await tracer?.flush();
  const [span] = collector.spans;
  expect(span).toMatchObject({
    ...{ service: 'orders', name: 'call payments', traceId: 'a'.repeat(32), parentSpanId: 'b'.repeat(16), failed: false },
    attributes: { 'madang.edge': 'orders→payments', 'graphql.operation.name': 'Ping' },
    events: [{ name: 'try failed', attributes: { 'madang.attempt': 1, 'error.type': 'server' } }],
  });
  expect(traceparents).toEqual([`00-${span?.traceId}-${span?.spanId}-01`, `00-${span?.traceId}-${span?.spanId}-01`]);
  expect(collector.bodies.join()).not.toMatch(/secret-token|4111/);
  await edge.close();
});
