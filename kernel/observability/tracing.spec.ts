import { spawnSync } from 'node:child_process';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { badInput } from '../domain/index.ts';
import { type OtlpCollector, otlpCollector } from '../testing/otlp-collector.ts';
import { following, inSpan, openTracer, type Tracer, tracesUrl, wordFor } from './index.ts';

const log = pino({ level: 'silent' });
let collector: OtlpCollector;
let tracer: Tracer;

beforeAll(async () => {
  collector = await otlpCollector();
  tracer = (await openTracer('toys', { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }, log)) as Tracer;
});
afterAll(() => collector.close());

const exported = async (name: string) => {
  await tracer.flush();
  return collector.spans.find((span) => span.name === name);
};

test('a span is exported with its service, its parent and what it may tell', async () => {
  const parent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  const span = tracer.start('fetch shops', { kind: 'client', parent, attributes: { 'madang.subgraph': 'shops' } });
  span.event('try failed', { 'madang.attempt': 1 });
  span.end();
  span.set({ 'madang.outcome': 'too late' });
  expect(await exported('fetch shops')).toMatchObject({
    ...{ service: 'toys', traceId: 'a'.repeat(32), parentSpanId: 'b'.repeat(16), kind: 3 },
    attributes: { 'madang.subgraph': 'shops' },
    events: [{ name: 'try failed', attributes: { 'madang.attempt': 1 } }],
  });
});

test('what is not on the list of attributes is left out', async () => {
  const more: object = { authorization: 'Bearer hidden', number: '4111111111111111' };
  tracer.start('listed', { attributes: { ...more, 'madang.edge': 'a→b' } }).end();
  expect((await exported('listed'))?.attributes).toEqual({ 'madang.edge': 'a→b' });
  expect(collector.bodies.join()).not.toMatch(/hidden|4111/);
});

test('a failure is told by a word, never by its message; a refusal is no failure', async () => {
  await expect(inSpan(tracer, 'fails', {}, () => Promise.reject(new RangeError('of 4111111111111111')))).rejects.toThrow();
  await expect(inSpan(tracer, 'refused', {}, () => Promise.reject(badInput('card', 'no 4111111111111111')))).rejects.toThrow();
  expect(await exported('fails')).toMatchObject({ failed: true, attributes: { 'error.type': 'RangeError' } });
  expect(await exported('refused')).toMatchObject({ failed: false, attributes: { 'madang.refusal': 'BAD_INPUT' } });
  expect(collector.bodies.join()).not.toContain('4111');
  expect(wordFor({ code: 'no word: 4111 1111' })).toBe('Error');
});

test('an event is followed in its own trace while it is fresh, and by a link afterwards', () => {
  const traceparent = `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01`;
  expect(following({ time: new Date(), traceparent })).toEqual({ parent: traceparent });
  expect(following({ time: new Date(Date.now() - 3_600_000), traceparent })).toEqual({ links: [traceparent] });
});

test('sampling is as the standard variables say', async () => {
  const off = await openTracer('off', { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_TRACES_SAMPLER: 'always_off' }, log);
  const span = off?.start('unsampled');
  span?.end();
  expect(span?.traceparent).toMatch(/-00$/);
  expect(await exported('unsampled')).toBeUndefined();
  const unknown = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_TRACES_SAMPLER: 'sometimes' };
  await expect(openTracer('unknown', unknown, log)).rejects.toThrow('OTEL_TRACES_SAMPLER "sometimes" is not known');
});

test('where to export to is as the standard variables say', () => {
  expect(tracesUrl({})).toBeUndefined();
  expect(tracesUrl({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:4318/' })).toBe('http://otel:4318/v1/traces');
  expect(tracesUrl({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://otel/t' })).toBe('http://otel/t');
  expect(tracesUrl({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel', OTEL_SDK_DISABLED: 'true' })).toBeUndefined();
  expect(tracesUrl({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel', OTEL_TRACES_EXPORTER: 'none' })).toBeUndefined();
});

test('without an endpoint the SDK is not even loaded', () => {
  const index = new URL('./index.ts', import.meta.url).href;
  const program = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
    const { openTracer } = await import(${JSON.stringify(index)});
    const found = async (env) => [Boolean(await openTracer('toys', env, {})), loaded.some((url) => url.includes('@opentelemetry/sdk-trace'))];
    console.log(JSON.stringify([await found({}), await found({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' })]));`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  expect(JSON.parse(stdout)).toEqual([
    [false, false],
    [true, true],
  ]);
});
