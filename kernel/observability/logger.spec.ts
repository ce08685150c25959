import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { CENSORED, createLogger, isSecret } from './index.ts';

function logging(level = 'debug') {
  const lines: Record<string, unknown>[] = [];
  const destination = new Writable({
    write(chunk, _, done) {
      lines.push(JSON.parse(String(chunk)));
      done();
    },
  });
  return { log: createLogger({ name: 'payments', level, destination }), lines };
}

test('every line has the context, the level as a word and the time', () => {
  const { log, lines } = logging();
  log.child({ correlationId: 'c' }).info({ a: 1 }, 'hello');
  expect(lines).toEqual([
    {
      level: 'info',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      pid: process.pid,
      context: 'payments',
      correlationId: 'c',
      a: 1,
      msg: 'hello',
    },
  ]);
});

test('secrets are censored at any depth, also in errors', () => {
  const { log, lines } = logging();
  const error = Object.assign(new Error('no'), { request: { headers: { Authorization: 'Bearer x' } } });
  log.info({ apiKey: 'k', err: error, input: { number: '4242', items: [{ new_password: 'p', kind: 'CARD' }] }, refreshToken: 't' });
  expect(lines[0]).toMatchObject({
    apiKey: CENSORED,
    refreshToken: CENSORED,
    input: { number: CENSORED, items: [{ new_password: CENSORED, kind: 'CARD' }] },
    err: { message: 'no', request: { headers: { Authorization: CENSORED } } },
  });
  expect(JSON.stringify(lines)).not.toMatch(/4242|Bearer/);
});

test.each(['authorization', 'Set-Cookie', 'password', 'number', 'accessToken', 'INTERNAL_SECRET', 'cardNumber'])(
  '%s is a secret',
  (name) => {
    expect(isSecret(name)).toBe(true);
  },
);

test.each(['maskedNumber', 'quantity', 'sequence', 'tokens_total', 'numberOfRows'])('%s is not', (name) => {
  expect(isSecret(name)).toBe(false);
});

test('what is circular does not stop the logger', () => {
  const { log, lines } = logging();
  const ring: Record<string, unknown> = {};
  ring.self = ring;
  log.info({ ring }, 'round');
  expect(lines[0]).toMatchObject({ msg: 'round' });
});
