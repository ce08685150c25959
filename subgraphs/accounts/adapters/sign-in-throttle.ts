import type { Clock } from '@madang/kernel/context';
import { type Refused, tryAgainLater } from '@madang/kernel/domain';
import { type Database, type Sql, sql } from '@madang/kernel/prisma';
import type { Attempt, SignInThrottle, Trying } from '../ports.ts';
import { keyedHash } from './sealing.ts';

/** What failures are counted of: an e-mail from one address, an e-mail, an address. */
type Counted = 'together' | 'email' | 'address';

export interface ThrottleOptions {
  readonly db: Database;
  readonly clock: Clock;
  /** Hashes e-mails and addresses: what was typed as e-mail may be anything, a password too. */
  readonly hashKey: Buffer;
  /** Failures that are told as such, and cost no time. */
  readonly failures: Readonly<Record<Counted, number>>;
  /** After the last of those; it doubles with each failure. */
  readonly firstWaitSeconds: number;
  readonly longestWaitSeconds: Readonly<Record<Counted, number>>;
  /** From the last failure until they are forgotten. */
  readonly windowSeconds: number;
  /** How long an address is known after a sign-in there. */
  readonly placeDays: number;
}

interface Counter {
  readonly of: Counted;
  readonly key: Buffer;
}

interface Failures {
  readonly key: Uint8Array;
  readonly count: number;
  readonly waitUntil: Date | null;
}

const DAY_MS = 86_400_000;

/**
 * Failures, counted in the database, so that replicas share them and a restart forgets nothing. An e-mail without account is counted like any other. At an address where an account
 * has signed in before, only failures with it from there count: whoever guesses elsewhere does not shut the owner out.
 */
export function countedSignIns(options: ThrottleOptions): SignInThrottle {
  const { db, clock, hashKey, failures, firstWaitSeconds, longestWaitSeconds, windowSeconds, placeDays } = options;
  const ago = (ms: number) => new Date(clock.now().getTime() - ms);
  const windowStart = () => ago(windowSeconds * 1_000);
  const placeOf = (email: string, address = '') => keyedHash(hashKey, `${email}\n${address}`);

  /** When the next attempt may be made after `count` failures; null: at once. */
  const waitAfter = (count: Sql, { of }: Counter): Sql => sql`CASE WHEN ${count} < ${failures[of]}::int THEN NULL
    ELSE ${clock.now()}::timestamptz + make_interval(secs => least(${longestWaitSeconds[of]}::float8,
      ${firstWaitSeconds}::float8 * power(2, least(${count} - ${failures[of]}::int, 30)))) END`;

  const wait = (until: Date | null): Refused => {
    const seconds = ((until?.getTime() ?? 0) - clock.now().getTime()) / 1_000;
    return tryAgainLater(Math.max(1, Math.ceil(seconds)), 'Signing in');
  };

  async function isKnown(email: string, address: string | undefined): Promise<boolean> {
    if (address === undefined) return false;
    const since = ago(placeDays * DAY_MS);
    return (await db.query(sql`SELECT FROM "SignInPlace" WHERE "key" = ${placeOf(email, address)} AND "seenAt" > ${since}`)).length > 0;
  }

  async function countersOf({ email, address }: Trying): Promise<readonly Counter[]> {
    const ofAddress: Counter[] = address === undefined ? [] : [{ of: 'address', key: keyedHash(hashKey, `\n${address}`) }];
    if (email === undefined) return ofAddress;
    const together: Counter = { of: 'together', key: placeOf(email, address) };
    if (await isKnown(email, address)) return [together];
    return [together, { of: 'email', key: keyedHash(hashKey, email) }, ...ofAddress];
  }

  /** Those of the counters that have had all the failures that cost nothing. @throws Refused TRY_AGAIN_LATER while one of them has to wait */
  async function spent(counters: readonly Counter[]): Promise<readonly Counter[]> {
    const rows = await db.query<Failures>(
      sql`SELECT "key", "count", "waitUntil" FROM "SignInFailures" WHERE "key" = ANY(${counters.map(({ key }) => key)}::bytea[]) AND "since" > ${windowStart()}`,
    );
    const waiting = rows.flatMap(({ waitUntil: until }) => (until && until > clock.now() ? [until] : []));
    if (waiting.length > 0) throw wait(new Date(Math.max(...waiting.map(Number))));
    return counters.filter(({ of, key }) => rows.some((row) => key.equals(row.key) && row.count >= failures[of]));
  }

  /** Of those who have waited one may try: it counts before it is known how it ends. @throws Refused TRY_AGAIN_LATER for the others */
  async function claim(counter: Counter): Promise<void> {
    const claimed = await db.query(sql`UPDATE "SignInFailures" SET "count" = "count" + 1, "since" = ${clock.now()},
        "waitUntil" = ${waitAfter(sql`("count" + 1)`, counter)}
      WHERE "key" = ${counter.key} AND ("waitUntil" IS NULL OR "waitUntil" <= ${clock.now()}) RETURNING "count"`);
    if (claimed.length === 0) await spent([counter]);
  }

  async function count(counter: Counter): Promise<void> {
    const now = sql`(CASE WHEN f."since" > ${windowStart()} THEN f."count" + 1 ELSE 1 END)`;
    const [row] = await db.query<Failures>(sql`INSERT INTO "SignInFailures" AS f ("key", "count", "since", "waitUntil")
      VALUES (${counter.key}, 1, ${clock.now()}, ${waitAfter(sql`1`, counter)})
      ON CONFLICT ("key") DO UPDATE SET "count" = ${now}, "since" = EXCLUDED."since", "waitUntil" = ${waitAfter(now, counter)}
      RETURNING "key", "count", "waitUntil"`);
    if (row && row.count > failures[counter.of]) throw wait(row.waitUntil);
  }

  async function remember(email: string, address: string | undefined): Promise<void> {
    if (address === undefined) return;
    await db.query(sql`INSERT INTO "SignInPlace" ("key", "seenAt") VALUES (${placeOf(email, address)}, ${clock.now()})
      ON CONFLICT ("key") DO UPDATE SET "seenAt" = EXCLUDED."seenAt"`);
  }

  return {
    remember,

    async begin({ email, address }): Promise<Attempt> {
      const counters = await countersOf({ email, address });
      const claimed = await spent(counters);
      for (const counter of claimed) await claim(counter);
      const others = counters.filter((counter) => !claimed.includes(counter));
      return {
        async failed() {
          const counted = await Promise.allSettled(others.map(count));
          for (const one of counted) if (one.status === 'rejected') throw one.reason;
        },

        async succeeded() {
          // Others may have failed while this one was being checked.
          if ((await spent(others)).length > 0) throw wait(null);
          if (email === undefined) return;
          await db.query(sql`DELETE FROM "SignInFailures" WHERE "key" = ${placeOf(email, address)}`);
          await remember(email, address);
        },
      };
    },
  };
}
