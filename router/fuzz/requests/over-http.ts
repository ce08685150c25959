import { connect } from 'node:net';
import type { Pool } from 'undici';
import type { Random } from '../random.ts';
import { wrongWithAnswer } from './judge.ts';
import { bodyOf, bytesOf, documentOf, VALUES } from './texts.ts';

const TEXTS = VALUES.filter((value) => typeof value !== 'object');

const METHODS = ['POST', 'POST', 'POST', 'POST', 'POST', 'GET', 'GET', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'HEAD'] as const;
const TYPES = [
  ...['application/json', 'application/json; charset=utf-8', 'application/json;charset=latin1', 'text/plain', 'multipart/form-data'],
  ...['application/graphql', 'application/x-www-form-urlencoded', ';', 'application/json, text/plain', 'APPLICATION/JSON'],
];
const ACCEPTS = [
  ...['application/json', '*/*', 'application/graphql-response+json', 'text/html', '', ';q=x', 'text/event-stream;q=0, */*;q=0.1'],
  ...['text/event-stream', 'multipart/mixed;boundary="graphql";subscriptionSpec="1.0",application/json', 'multipart/mixed'],
];
const PATHS = [
  '/graphql',
  '/graphql',
  '/graphql',
  '/graphql',
  '/graphql/',
  '/',
  '//',
  '/%',
  '/healthz',
  '/graphql?',
  '/graphql?token=x',
  '/../x',
];
const jwt = (head: object, claims: object, signature = 'x') =>
  `Bearer ${[head, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.${signature}`;
const AUTHORIZATIONS = [
  ...['', 'Bearer', 'Bearer x.y.z', 'Basic YTpi', 'Bearer ..', `Bearer ${'a'.repeat(4_000)}`],
  ...[jwt({ alg: 'none' }, { sub: 'admin' }, ''), jwt({ alg: 'HS256', kid: 'test' }, { sub: 'admin', exp: 9e9 }), jwt({}, {})],
];

const headerValue = (random: Random): string =>
  String(random.of(TEXTS))
    .replace(/[^\t\x20-\x7e\x80-\xff]/g, '?')
    .slice(0, 2_000);

function headersOf(random: Random): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': random.once(3) ? random.of(TYPES) : 'application/json' };
  if (random.once(2)) headers.accept = random.of(ACCEPTS);
  if (random.once(6)) headers.authorization = random.of(AUTHORIZATIONS);
  for (const name of [
    'traceparent',
    'x-correlation-id',
    'x-graphql-event-stream-token',
    'origin',
    'cookie',
    'x-forwarded-for',
    'user-agent',
  ])
    if (random.once(8)) headers[name] = headerValue(random);
  if (random.once(8)) delete headers['content-type'];
  return headers;
}

/** Of an answer that goes on and on the beginning is enough. */
const LONG_MS = 30;

/** Sends what is HTTP, with anything inside. @returns what is wrong with the answer */
export async function askMutated(random: Random, pool: Pool): Promise<string | undefined> {
  const method = random.of(METHODS);
  const search =
    method === 'GET'
      ? `?${new URLSearchParams({ query: documentOf(random).slice(0, 3_000), variables: random.of(['', '{}', '[', '{"id":1}']) })}`
      : '';
  const body = method === 'POST' || method === 'PATCH' ? (random.once(4) ? bytesOf(random, bodyOf(random)) : bodyOf(random)) : null;
  const leave = new AbortController();
  const early = random.once(40) ? setTimeout(() => leave.abort(), random.integer(10)) : undefined;
  try {
    const answer = await pool.request({
      method,
      path: (random.once(4) ? random.of(PATHS) : '/graphql') + search,
      headers: headersOf(random),
      body,
      signal: leave.signal,
    });
    const type = String(answer.headers['content-type'] ?? '');
    const long = /event-stream|multipart/.test(type);
    let text = '';
    const enough = long ? setTimeout(() => leave.abort(), LONG_MS) : undefined;
    try {
      for await (const part of answer.body) text += String(part);
    } catch (error) {
      if (!long && !early) throw error;
    } finally {
      clearTimeout(enough);
    }
    const wrong = early || method === 'HEAD' ? undefined : wrongWithAnswer(answer.statusCode, type, text);
    return wrong && `${wrong}: ${text.slice(0, 300)} <- ${String(body ?? search).slice(0, 600)}`;
  } catch (error) {
    return early ? undefined : `no answer: ${String((error as { code?: string }).code ?? error)}`;
  } finally {
    clearTimeout(early);
  }
}

const LINES = [
  'POST /graphql HTTP/1.1',
  'GET /graphql?query={__typename} HTTP/1.1',
  'POST // HTTP/1.1',
  'GET * HTTP/1.1',
  'CONNECT x:1 HTTP/1.1',
  'POST /graphql HTTP/9.9',
  'BREW / HTTP/1.1',
  '',
];
const HEADERS = [
  ...['host: x', 'content-type: application/json', 'content-length: 5', 'content-length: -1', 'content-length: 99999999999999999999'],
  ...['transfer-encoding: chunked', 'transfer-encoding: chunked, identity', 'expect: 100-continue', 'expect: x', 'connection: upgrade'],
  ...['upgrade: websocket', 'upgrade: h2c', 'sec-websocket-key: x', 'sec-websocket-version: 99', 'bad header', ' : x', 'x: \u0000', ': '],
];

/** Sends what may be no HTTP at all, and goes in one of several ways. @returns what is wrong with the answer */
export function sendBroken(random: Random, port: number): Promise<string | undefined> {
  const body = bodyOf(random).slice(0, 2_000);
  const headers = random.some(HEADERS, 1 + random.integer(6));
  if (random.once(2)) headers.push(`content-length: ${body.length + random.of([0, 0, 1, -1, 50])}`);
  const request = `${random.of(LINES)}\r\n${headers.join('\r\n')}\r\n\r\n${body}`;
  const bytes = random.once(2) ? bytesOf(random, request) : Buffer.from(request);
  const leaving = random.of(['wait', 'wait', 'end', 'destroy'] as const);
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    // Whatever it was, it is over within the time that a request has.
    const late = setTimeout(() => {
      socket.destroy();
      resolve(leaving === 'wait' ? 'a connection that is never closed' : undefined);
    }, 10_000);
    socket.on('data', (part) => (text += String(part)));
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearTimeout(late);
      const status = Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0);
      const type = /\r\ncontent-type: ([^\r]*)/i.exec(text)?.[1] ?? '';
      if (status === 0 || leaving !== 'wait') resolve(undefined);
      else if (status === 500) resolve('status 500');
      else if (type.includes('json') && /node:internal|INTERNAL_SERVER_ERROR/.test(text)) resolve('an answer that tells what is ours');
      else resolve(undefined);
    });
    socket.write(bytes, () => {
      if (leaving === 'end') socket.end();
      if (leaving === 'destroy') setTimeout(() => socket.destroy(), random.integer(5));
      // Nothing more comes: a server that waits for more gives up by itself, or has answered.
      if (leaving === 'wait') socket.once('data', () => setTimeout(() => socket.end(), LONG_MS));
    });
  });
}
