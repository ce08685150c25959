import type { Clock } from '@madang/kernel/context';
import { tryAgainLater } from '@madang/kernel/domain';
import { type Database, sql } from '@madang/kernel/prisma';
import type { SignInThrottle } from '../ports.ts';
import { keyedHash } from './sealing.ts';

export interface ThrottleOptions {
  readonly db: Database;
  readonly clock: Clock;
  /** Hashes e-mails: what was typed there may be anything, a password too. */
  readonly hashKey: Buffer;
  /** Failures that are told as such. */
  readonly failures: number;
  /** From the first of them until they are forgotten. */
  readonly windowSeconds: number;
}

interface Failures {
  readonly count: number;
  readonly since: Date;
}

/** Failures per e-mail, counted in the database, so that replicas share them. An e-mail without account is counted like any other. */
export function countedSignIns({ db, clock, hashKey, failures, windowSeconds }: ThrottleOptions): SignInThrottle {
  const windowStart = () => new Date(clock.now().getTime() - windowSeconds * 1_000);
  const wait = ({ since }: Failures) => {
    const seconds = Math.ceil((since.getTime() - windowStart().getTime()) / 1_000);
    return tryAgainLater(Math.max(1, seconds), 'Signing in');
  };
  return {
    async admit(email) {
      const [row] = await db.query<Failures>(
        sql`SELECT "count", "since" FROM "SignInFailures" WHERE "key" = ${keyedHash(hashKey, email)} AND "since" > ${windowStart()}`,
      );
      if (row && row.count >= failures) throw wait(row);
    },

    async failed(email) {
      const [row] = await db.query<Failures>(sql`INSERT INTO "SignInFailures" AS f ("key", "count", "since")
        VALUES (${keyedHash(hashKey, email)}, 1, ${clock.now()})
        ON CONFLICT ("key") DO UPDATE SET
          "count" = CASE WHEN f."since" > ${windowStart()} THEN f."count" + 1 ELSE 1 END,
          "since" = CASE WHEN f."since" > ${windowStart()} THEN f."since" ELSE EXCLUDED."since" END
        RETURNING "count", "since"`);
      if (row && row.count > failures) throw wait(row);
    },

    async succeeded(email) {
      await db.query(sql`DELETE FROM "SignInFailures" WHERE "key" = ${keyedHash(hashKey, email)}`);
    },
  };
}
