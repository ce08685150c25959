import { randomUUID } from 'node:crypto';
import { sql } from '@madang/kernel/prisma';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AccountsDatabase, accountsDatabase } from '../testing/accounts-database.ts';
import { removeWhatIsOver } from './housekeeping.ts';
import { KeyRing } from './key-ring.ts';
import { derivedKey } from './sealing.ts';
import { storedSessions } from './sessions.ts';
import { countedSignIns } from './sign-in-throttle.ts';

const DAY = 86_400_000;
let now = new Date('2026-01-01T00:00:00Z');
const clock = { now: () => now };
let own: AccountsDatabase;

beforeAll(async () => {
  own = await accountsDatabase();
});
afterAll(() => own?.close());

it('removes what is over, and nothing else', async () => {
  const { db, log } = own;
  const [accountId, key] = [randomUUID(), derivedKey('secret', 'test')];
  await db.query(sql`INSERT INTO "Account" ("id", "version", "displayName") VALUES (${accountId}::uuid, 1, 'x')`);
  const sessions = storedSessions({ db, clock, newId: randomUUID, refreshTokenDays: 30 });
  const throttle = countedSignIns({
    ...{ db, clock, hashKey: key, failures: { together: 1, email: 1, address: 1 } },
    ...{ firstWaitSeconds: 1, longestWaitSeconds: { together: 1, email: 1, address: 1 }, windowSeconds: 900, placeDays: 30 },
  });
  const keys = new KeyRing({ db, clock, log, sealingKey: key, turnMs: 90 * DAY, graceMs: 1_000_000 });
  const sweep = () => removeWhatIsOver({ db, clock, keys, windowSeconds: 900, placeDays: 30 });
  const left = async () => {
    const [row] = await db.query<{
      left: number[];
    }>(sql`SELECT ARRAY[(SELECT count(*) FROM "Session"), (SELECT count(*) FROM "RefreshToken"),
      (SELECT count(*) FROM "SignInFailures"), (SELECT count(*) FROM "SignInPlace"), (SELECT count(*) FROM "SigningKey")]::int[] AS "left"`);
    return row?.left;
  };

  await keys.signingKey();
  await sessions.open(accountId);
  const kept = await sessions.open(accountId);
  await (await throttle.begin({ email: 'a@b.kr' })).failed();
  await throttle.remember('a@b.kr', '10.0.0.7');
  await sweep();
  expect(await left()).toEqual([2, 2, 2, 1, 1]);

  now = new Date(now.getTime() + 29 * DAY);
  const next = await sessions.exchange(kept);
  await sweep();
  expect(await left()).toEqual([2, 3, 0, 1, 1]);

  now = new Date(now.getTime() + DAY);
  await sweep();
  expect(await left()).toEqual([1, 1, 0, 0, 1]);
  expect(await sessions.find(next ?? '')).toMatchObject({ accountId, spent: false, sessionClosed: false });
});
