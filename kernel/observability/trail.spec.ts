import { expect, test } from 'vitest';
import { nextTraceparent, traceIdOf, trailFrom, trailHeaders } from './index.ts';

const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
const came = `00-${trace}-00f067aa0ba902b7-00`;

test('a trail goes on: the same correlation id and trace, a span of its own, the same flags', () => {
  const trail = trailFrom({ 'x-correlation-id': 'abc-1', traceparent: came });
  expect(trail.correlationId).toBe('abc-1');
  expect(trail.traceparent).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-00$`));
  expect(trail.traceparent).not.toBe(came);
  expect(trailHeaders(trail)).toEqual({ 'x-correlation-id': 'abc-1', traceparent: trail.traceparent });
});

test('a trail begins: a UUIDv7 and a sampled trace', () => {
  const trail = trailFrom({});
  expect(trail.correlationId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  expect(trail.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
});

test.each(['', 'a b', 'x'.repeat(129), 'new\nline'])('the correlation id %j is not taken over', (id) => {
  expect(trailFrom({ 'x-correlation-id': id }).correlationId).not.toBe(id);
});

test.each([
  '',
  `ff-${trace}-00f067aa0ba902b7-01`,
  `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
  `00-${trace}-${'0'.repeat(16)}-01`,
  `00-${trace.toUpperCase()}-00f067aa0ba902b7-01`,
  `00-${trace}-00f067aa0ba902b7`,
])('the traceparent %j is not valid, a new trace begins', (traceparent) => {
  expect(traceIdOf(traceparent)).toBeUndefined();
  expect(traceIdOf(nextTraceparent(traceparent))).not.toBe(trace);
});

test('a traceparent of a later version is taken by its first fields', () => {
  expect(traceIdOf(nextTraceparent(`01-${trace}-00f067aa0ba902b7-01-more`))).toBe(trace);
});
