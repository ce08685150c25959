import { sql } from '@madang/kernel/prisma';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AccountsDatabase, accountsDatabase } from '../testing/accounts-database.ts';
import { KeyRing } from './key-ring.ts';
import { derivedKey } from './sealing.ts';

const DAY = 86_400_000;
let own: AccountsDatabase;
let now: Date;

beforeAll(async () => {
  own = await accountsDatabase();
});
afterAll(() => own?.close());
beforeEach(async () => {
  now = new Date('2026-01-01T00:00:00Z');
  await own.db.query(sql`DELETE FROM "SigningKey"`);
});

/** A ring as another replica has it; `secret` is what it seals with. */
const ring = (secret = 'the secret', clock = { now: () => now }) =>
  new KeyRing({ db: own.db, clock, log: own.log, sealingKey: derivedKey(secret, 'test'), turnMs: 90 * DAY, graceMs: 1_000_000 });
const later = (ms: number) => {
  now = new Date(now.getTime() + ms);
};
const kids = async (of: KeyRing) => (await of.published()).map(({ kid }) => kid);

describe('the key ring', () => {
  it('has one first key, however many replicas start at once', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => ring().signingKey()));
    expect(new Set(all.map(({ kid }) => kid)).size).toBe(1);
    expect(await kids(ring())).toEqual([all[0]?.kid]);
  });

  it('signs at once with it, also where the clock is behind', async () => {
    let ticks = 0;
    const { kid } = await ring('the secret', { now: () => new Date(now.getTime() + 30_000 + ticks++) }).signingKey();
    expect((await ring().signingKey()).kid).toBe(kid);
  });

  it('publishes nothing private, and keeps it sealed', async () => {
    const { privateKey } = await ring().signingKey();
    const [jwk] = await ring().published();
    expect(Object.keys(jwk ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
    const [{ sealedPrivateKey } = { sealedPrivateKey: Buffer.alloc(0) }] = await own.db.query<{ sealedPrivateKey: Buffer }>(
      sql`SELECT "sealedPrivateKey" FROM "SigningKey"`,
    );
    expect(sealedPrivateKey.includes(privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32))).toBe(false);
  });

  it('makes the next key when the turn of one is over, publishes it, and signs with it a quarter of an hour later', async () => {
    const { kid: first } = await ring().signingKey();
    later(90 * DAY);
    const replicas = Array.from({ length: 4 }, () => ring());
    expect(new Set((await Promise.all(replicas.map((one) => one.signingKey()))).map(({ kid }) => kid))).toEqual(new Set([first]));
    const [, second] = await kids(ring());
    expect(await kids(ring())).toEqual([first, second]);
    later(900_000);
    expect((await ring().signingKey()).kid).toBe(second);
    expect(await kids(ring())).toEqual([first, second]);
    later(1_000_000);
    expect(await kids(ring())).toEqual([second]);
  });

  it('removes keys whose tokens are over, and no others', async () => {
    await ring().signingKey();
    await ring().rotate();
    await ring().remove('over');
    expect(await kids(ring())).toHaveLength(2);
    later(900_000 + 1_000_000);
    await ring().remove('over');
    expect(await own.db.query(sql`SELECT FROM "SigningKey"`)).toHaveLength(1);
  });

  it('withdraws a key that got known: the new one signs at once', async () => {
    const one = ring();
    await one.signingKey();
    const kid = await one.rotate(true);
    await one.remove('all but the latest');
    expect([(await one.signingKey()).kid, await kids(one)]).toEqual([kid, [kid]]);
  });

  it('goes on with a key of its own when the secret was changed; the others stay published', async () => {
    const { kid } = await ring().signingKey();
    const { kid: other } = await ring('another secret').signingKey();
    expect(other).not.toBe(kid);
    expect(await kids(ring('another secret'))).toEqual([kid, other]);
    expect((await ring().signingKey()).kid).toBe(kid);
  });
});
