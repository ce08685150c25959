import type { DoorSettings } from '../settings/door.ts';

type Headers = Readonly<Record<string, string>>;

/** Which pages may ask. */
export interface Cors {
  /** Of an answer to a page of that origin. */
  headers(origin: string | undefined): Headers;
  /** Of the answer to the browser's question before it. */
  preflight(origin: string | undefined): Headers;
  /** Whether a page of that origin may open a WebSocket on that host. What is no browser says no origin. */
  mayConnect(origin: string | undefined, host: string | undefined): boolean;
}

const EXPOSED = 'x-correlation-id, retry-after';
const METHODS = 'GET, POST, PUT, DELETE, OPTIONS';
const ALLOWED = [
  ...['content-type', 'authorization', 'x-correlation-id', 'traceparent', 'tracestate', 'apollo-require-preflight'],
  ...['x-apollo-operation-name', 'x-graphql-event-stream-token', 'x-madang-cost'],
];
const BY_ORIGIN: Headers = { vary: 'origin' };

/** @throws Error for credentials with any origin: no browser would take it, and no page should have it */
export function cors({ corsOrigins, corsCredentials, passedHeaders }: DoorSettings): Cors {
  const any = corsOrigins.includes('*');
  if (any && corsCredentials) throw new Error('ROUTER_CORS_CREDENTIALS needs ROUTER_CORS_ORIGINS that names the origins, without *.');
  const asking = {
    'access-control-allow-methods': METHODS,
    'access-control-allow-headers': [...new Set([...ALLOWED, ...passedHeaders.map((name) => name.toLowerCase())])].join(', '),
    'access-control-max-age': '86400',
  };
  const allowing = (origin: string): Headers => ({
    'access-control-allow-origin': origin,
    'access-control-expose-headers': EXPOSED,
    ...(any ? {} : BY_ORIGIN),
    ...(corsCredentials ? { 'access-control-allow-credentials': 'true' } : {}),
  });
  const everybody = any ? allowing('*') : BY_ORIGIN;
  const known = new Map(any ? [] : corsOrigins.map((origin) => [origin, allowing(origin)]));
  const headers = (origin: string | undefined): Headers => (origin === undefined ? everybody : (known.get(origin) ?? everybody));
  return {
    headers,
    preflight(origin) {
      const own = headers(origin);
      return 'access-control-allow-origin' in own ? { ...own, ...asking } : own;
    },
    mayConnect(origin, host) {
      if (any || origin === undefined || known.has(origin)) return true;
      return URL.canParse(origin) && new URL(origin).host === host;
    },
  };
}
