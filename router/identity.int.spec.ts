import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Router } from './router.ts';
import { ask } from './testing/ask.ts';
import { type Shop, shop } from './testing/shop.ts';

describe('who is asking', () => {
  let world: Shop;
  let router: Router;
  beforeAll(async () => {
    world = await shop();
    router = await world.router();
  });
  afterAll(() => world.close());

  const who = async (authorization?: string) => ask(router.url, '{ who }', { headers: authorization ? { authorization } : {} });
  const unauthenticated = expect.objectContaining({ extensions: { code: 'UNAUTHENTICATED' } });

  it('is nobody without a token', async () => {
    expect(JSON.parse((await who()).data.who)).toEqual({ kind: 'anonymous' });
  });

  it('is the account of a valid token, told to the subgraph with an internal token', async () => {
    const { data } = await who(`Bearer ${await world.keys.token({ sub: 'lee', roles: ['CUSTOMER', 'MANAGER'] })}`);
    expect(JSON.parse(data.who)).toEqual({ kind: 'user', accountId: 'lee', roles: ['CUSTOMER', 'MANAGER'] });
  });

  it.each([
    ['expired', async () => world.keys.token({}, { expiresIn: -60 })],
    ['forged', async () => world.keys.forged()],
    ['of another issuer', async () => world.keys.token({ iss: 'someone' })],
    ['for another audience', async () => world.keys.token({ aud: 'others' })],
    ['nonsense', async () => 'a.b.c'],
    [
      'not signed',
      async () => `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"a"}').toString('base64url')}.`,
    ],
  ])('refuses a token that is %s before anything runs', async (_, make) => {
    const before = world.orders.requests.length;
    const { status, data, errors } = await who(`Bearer ${await make()}`);
    expect([status, data]).toEqual([401, undefined]);
    expect(errors).toEqual([unauthenticated]);
    expect(world.orders.requests).toHaveLength(before);
  });

  it('forgives a clock that is a little off', async () => {
    expect((await who(`Bearer ${await world.keys.token({}, { expiresIn: -2 })}`)).status).toBe(200);
  });

  it('needs the issuer only once', async () => {
    const token = await world.keys.token({ sub: 'park' });
    await who(`Bearer ${token}`);
    await world.keys.close();
    expect((await who(`Bearer ${token}`)).status).toBe(200);
    expect((await who(`Bearer ${await world.keys.token({ sub: 'choi' })}`)).status).toBe(200);
    expect(world.keys.reads()).toBeLessThanOrEqual(2);
  });

  it('asks to try later while the keys cannot be had at all', async () => {
    const fresh = await world.router();
    const { status, errors } = await ask(fresh.url, '{ who }', { headers: { authorization: `Bearer ${await world.keys.token()}` } });
    expect([status, errors[0]?.extensions]).toEqual([503, { code: 'TRY_AGAIN_LATER', retryAfterSeconds: 2 }]);
    expect((await ask(fresh.url, '{ who }')).status).toBe(200);
  });
});
