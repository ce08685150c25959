import { expect, it } from 'vitest';
import { doorDefaults } from '../settings/door.ts';
import { cors } from './cors.ts';

const SHOP = 'https://shop.example';
const listed = cors({ ...doorDefaults, corsOrigins: [SHOP], passedHeaders: ['X-Tenant'] });

it('lets any page ask where nothing is set, and no cookie come along', () => {
  const any = cors(doorDefaults);
  for (const headers of [any.headers('https://evil.example'), any.headers(undefined)])
    expect(headers).toEqual({ 'access-control-allow-origin': '*', 'access-control-expose-headers': 'x-correlation-id, retry-after' });
  expect(any.mayConnect('https://evil.example', 'router')).toBe(true);
});

it('lets the pages of listed origins ask, and no others', () => {
  expect(listed.headers(SHOP)).toMatchObject({ 'access-control-allow-origin': SHOP, vary: 'origin' });
  for (const origin of ['https://evil.example', 'http://shop.example', `${SHOP}.evil.example`, 'null', undefined]) {
    expect(listed.headers(origin)).toEqual({ vary: 'origin' });
    expect(listed.preflight(origin)).toEqual({ vary: 'origin' });
  }
});

it('tells a browser which headers and methods are allowed, those that are passed on too', () => {
  const { 'access-control-allow-headers': headers, 'access-control-allow-methods': methods } = listed.preflight(SHOP);
  for (const name of ['authorization', 'content-type', 'x-correlation-id', 'x-tenant']) expect(headers?.split(', ')).toContain(name);
  expect(methods).toBe('GET, POST, PUT, DELETE, OPTIONS');
});

it('opens WebSockets to listed origins, pages of its own, and what is no browser', () => {
  expect([SHOP, 'http://router:4000', undefined].map((origin) => listed.mayConnect(origin, 'router:4000'))).toEqual([true, true, true]);
  expect(['https://evil.example', 'null', 'x'].map((origin) => listed.mayConnect(origin, 'router:4000'))).toEqual([false, false, false]);
});

it('allows cookies to named origins only', () => {
  expect(() => cors({ ...doorDefaults, corsCredentials: true })).toThrow('ROUTER_CORS_CREDENTIALS');
  const own = cors({ ...doorDefaults, corsOrigins: [SHOP], corsCredentials: true });
  expect(own.headers(SHOP)).toMatchObject({ 'access-control-allow-credentials': 'true' });
  expect(own.headers('https://evil.example')).toEqual({ vary: 'origin' });
});
