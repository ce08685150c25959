import { expect, it } from 'vitest';
import { mayBePassedOn, passedHeaders } from './passed-headers.ts';

it('takes what is listed, as it came, and nothing else', () => {
  const passed = passedHeaders(['X-Tenant', 'accept-language', 'x-tenant']);
  expect(passed({ 'x-tenant': 'a', 'accept-language': 'ko', cookie: 'c', authorization: 'd' })).toEqual([
    'accept-language',
    'ko',
    'x-tenant',
    'a',
  ]);
  expect(passed({ cookie: 'c' })).toEqual([]);
  expect(passedHeaders([])({ 'x-tenant': 'a' })).toEqual([]);
});

it.each([
  ...['authorization', 'Cookie', 'host', 'content-length', 'Connection', 'transfer-encoding', 'te', 'upgrade', 'expect', 'origin'],
  ...['x-forwarded-for', 'X-Forwarded-Host', 'forwarded', 'via', 'x-real-ip', 'traceparent', 'x-correlation-id', 'x-client-address'],
  ...['sec-websocket-key', 'proxy-authorization', 'apollo-federation-include-trace', 'x y', 'x:y', ''],
])('never lets "%s" be listed', (name) => {
  expect(mayBePassedOn(name)).toBe(false);
});
