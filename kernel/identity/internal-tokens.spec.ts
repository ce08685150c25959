import { createSecretKey } from 'node:crypto';
import { SignJWT, UnsecuredJWT } from 'jose';
import { expect, test } from 'vitest';
import { anonymous, service, user } from '../domain/index.ts';
import { internalTokens } from './index.ts';

const secret = 'a secret of tests, long enough to sign';
const refusal = expect.objectContaining({ code: 'UNAUTHENTICATED' });

const forged = (claims: Record<string, unknown>, by = secret, { audience = 'madang-internal', alg = 'HS256' } = {}) =>
  new SignJWT(claims)
    .setProtectedHeader({ alg })
    .setIssuer('router')
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime('1m')
    .sign(createSecretKey(Buffer.from(by)));

test.each([
  ['a user with roles', user('0190', 'CUSTOMER', 'ADMIN'), 'router'],
  ['a user without roles', user('0190'), 'router'],
  ['a service', service('payments'), 'payments'],
  ['nobody', anonymous, 'router'],
])('%s comes out as it went in', async (_, actor, issuer) => {
  const tokens = internalTokens(secret);
  const token = await tokens.issue(actor, issuer);
  expect(await internalTokens(secret).verify(token)).toEqual(actor);
  expect(await tokens.verify(token)).toEqual(actor);
});

test('a service is its own issuer, whoever asks for the token', async () => {
  const tokens = internalTokens(secret);
  expect(await tokens.verify(await tokens.issue(service('payments'), 'router'))).toEqual(service('payments'));
});

test('a token is used again until 20 s before its end, per actor and issuer', async () => {
  let now = Date.parse('2026-01-01T00:00:00Z');
  const tokens = internalTokens(secret, () => now);
  const first = await tokens.issue(user('0190', 'CUSTOMER'), 'router');
  now += 39_000;
  expect(await tokens.issue(user('0190', 'CUSTOMER'), 'router')).toBe(first);
  expect(await tokens.issue(user('0190', 'CUSTOMER', 'ADMIN'), 'router')).not.toBe(first);
  expect(await tokens.issue(user('0190', 'CUSTOMER'), 'payments')).not.toBe(first);
  now += 1_000;
  expect(await tokens.issue(user('0190', 'CUSTOMER'), 'router')).not.toBe(first);
});

test('an expired token is refused, also by who has seen it before', async () => {
  let now = Date.parse('2026-01-01T00:00:00Z');
  const tokens = internalTokens(secret, () => now);
  const token = await tokens.issue(user('0190'), 'router');
  await tokens.verify(token);
  now += 66_000;
  await expect(tokens.verify(token)).rejects.toEqual(refusal);
  await expect(internalTokens(secret, () => now).verify(token)).rejects.toEqual(refusal);
});

test.each([
  ['signed with another secret', () => forged({ sub: '0190', roles: [] }, 'another secret of tests, long enough!')],
  ['for another audience', () => forged({ sub: '0190', roles: [] }, secret, { audience: 'madang' })],
  ['signed with another algorithm', () => forged({ sub: '0190', roles: [] }, secret.padEnd(64, '.'), { alg: 'HS512' })],
  [
    'not signed',
    async () =>
      new UnsecuredJWT({ sub: '0190', roles: ['ADMIN'] })
        .setIssuer('router')
        .setAudience('madang-internal')
        .setIssuedAt()
        .setExpirationTime('1m')
        .encode(),
  ],
  ['both a user and a service', () => forged({ sub: '0190', roles: [], svc: true })],
  ['with a service claim that is not true', () => forged({ svc: 'yes' })],
  ['without roles', () => forged({ sub: '0190' })],
  ['with roles that are no words', () => forged({ sub: '0190', roles: [1] })],
  ['no token at all', async () => 'x.y.z'],
])('a token %s is refused', async (_, make) => {
  await expect(internalTokens(secret).verify(await make())).rejects.toEqual(refusal);
});

test('a tampered token is refused', async () => {
  const tokens = internalTokens(secret);
  const [head, , signature] = (await tokens.issue(user('0190'), 'router')).split('.');
  const claims = Buffer.from(
    JSON.stringify({ sub: '0191', roles: ['ADMIN'], iss: 'router', aud: 'madang-internal', iat: 1, exp: 9e9 }),
  ).toString('base64url');
  await expect(tokens.verify(`${head}.${claims}.${signature}`)).rejects.toEqual(refusal);
});

test('a short secret is refused at once', () => {
  expect(() => internalTokens('short')).toThrow('INTERNAL_SECRET is to have at least 32 bytes; it has 5');
});
