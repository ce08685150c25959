import { sql } from '@madang/kernel/prisma';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Trying } from '../ports.ts';
import { type AccountsDatabase, accountsDatabase } from '../testing/accounts-database.ts';
import { derivedKey } from './sealing.ts';
import { countedSignIns } from './sign-in-throttle.ts';

let own: AccountsDatabase;
let now: Date;
beforeAll(async () => {
  own = await accountsDatabase();
});
beforeEach(async () => {
  now = new Date('2026-01-01T00:00:00Z');
  await own.db.query(sql`TRUNCATE "SignInFailures", "SignInPlace"`);
});
afterAll(() => own?.close());

const replica = () =>
  countedSignIns({
    db: own.db,
    clock: { now: () => now },
    hashKey: derivedKey('secret', 'test'),
    failures: { together: 3, email: 5, address: 8 },
    firstWaitSeconds: 1,
    longestWaitSeconds: { together: 10, email: 4, address: 4 },
    windowSeconds: 3_600,
    placeDays: 30,
  });
const pass = (seconds: number) => {
  now = new Date(now.getTime() + seconds * 1_000);
};
/** `told`, or the seconds to wait. */
const outcome = (promise: Promise<unknown>) =>
  promise.then(
    () => 'told',
    ({ details }: { details: { retryAfterSeconds: number } }) => details.retryAfterSeconds,
  );
const guess = (trying: Trying, at = replica()) => outcome(at.begin(trying).then((attempt) => attempt.failed()));
const signIn = (trying: Trying, at = replica()) => outcome(at.begin(trying).then((attempt) => attempt.succeeded()));
const guesses = async (count: number, trying: (n: number) => Trying) => {
  for (let n = 0; n < count; n++) expect(await guess(trying(n))).toBe('told');
};

const KIM = { email: 'kim@a.kr', address: '10.0.0.1' };

it('lets one try after each wait, and waits twice as long after each failure, on every replica', async () => {
  await guesses(3, () => KIM);
  for (const seconds of [1, 2, 4, 8, 10, 10]) {
    expect([await guess(KIM), await guess(KIM, replica())]).toEqual([seconds, seconds]);
    pass(seconds);
    const all = await Promise.all(Array.from({ length: 5 }, () => guess(KIM, replica())));
    expect(all.filter((how) => how === 'told')).toHaveLength(1);
  }
  pass(3_600);
  expect(await guess(KIM)).toBe('told');
});

it('tells no more guesses than are allowed, however many come at once', async () => {
  const all = await Promise.all(Array.from({ length: 20 }, () => guess(KIM, replica())));
  // Some may be one too many for the e-mail before they are for the address.
  expect(all.filter((how) => how === 'told').length).toBeLessThanOrEqual(3);
  expect(await guess(KIM)).toBe(10);
});

it('does not shut the owner out, however many guess elsewhere', async () => {
  expect(await signIn(KIM)).toBe('told');
  await guesses(5, (n) => ({ ...KIM, address: `10.0.1.${n}` }));
  expect(await guess({ ...KIM, address: '10.0.2.1' })).toBe(1);
  expect(await signIn({ ...KIM, address: '10.0.2.2' })).toBe(1);
  expect(await signIn(KIM)).toBe('told');
  expect(await signIn({ ...KIM, email: 'lee@a.kr' })).toBe('told');
  pass(30 * 86_400);
  await guesses(5, (n) => ({ ...KIM, address: `10.0.1.${n}` }));
  expect(await signIn(KIM)).toBe(1);
});

it('slows an address down that tries many e-mails, but not those who have signed in there', async () => {
  expect(await signIn(KIM)).toBe('told');
  await guesses(8, (n) => ({ ...KIM, email: `${n}@a.kr` }));
  expect(await guess({ ...KIM, email: 'lee@a.kr' })).toBe(1);
  expect(await outcome(replica().begin({ address: KIM.address }))).toBe(1);
  expect(await signIn(KIM)).toBe('told');
  expect(await signIn({ ...KIM, address: '10.0.0.2' })).toBe('told');
});

it('does not tell that the password was right when others have failed too often meanwhile', async () => {
  const attempt = await replica().begin(KIM);
  await guesses(3, () => KIM);
  expect(await outcome(attempt.succeeded())).toBe(1);
});

it('forgets the failures of an e-mail at an address once it went well there', async () => {
  await guesses(2, () => KIM);
  expect(await signIn(KIM)).toBe('told');
  await guesses(3, () => KIM);
  expect(await guess(KIM)).toBe(1);
});

it('keeps neither e-mail nor address', async () => {
  await guess(KIM);
  await signIn(KIM);
  const dump = JSON.stringify([
    await own.db.query(sql`SELECT f::text FROM "SignInFailures" f`),
    await own.db.query(sql`SELECT p::text FROM "SignInPlace" p`),
  ]);
  expect(dump).not.toMatch(/kim|10\.0\.0\.1/);
});
