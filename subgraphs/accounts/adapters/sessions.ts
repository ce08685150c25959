import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '@madang/kernel/context';
import { type Database, sql } from '@madang/kernel/prisma';
import type { FoundToken, Sessions } from '../ports.ts';

export interface SessionOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly refreshTokenDays: number;
}

const DAY_MS = 86_400_000;
const newToken = () => randomBytes(32).toString('base64url');
const hashOf = (token: string) => createHash('sha256').update(token).digest();

/** Sessions in the database. A refresh token is 256 random bits; its SHA-256 is what is kept. */
export function storedSessions({ db, clock, newId, refreshTokenDays }: SessionOptions): Sessions {
  const expiry = (now: Date) => new Date(now.getTime() + refreshTokenDays * DAY_MS);
  return {
    async open(accountId) {
      const [token, now, id] = [newToken(), clock.now(), newId()];
      await db.query(sql`WITH session AS (INSERT INTO "Session" ("id", "accountId", "openedAt") VALUES (${id}::uuid, ${accountId}::uuid, ${now}))
        INSERT INTO "RefreshToken" ("hash", "sessionId", "expiresAt") VALUES (${hashOf(token)}, ${id}::uuid, ${expiry(now)})`);
      return token;
    },

    async find(refreshToken) {
      const [found] = await db.query<FoundToken>(sql`SELECT t."sessionId", s."accountId", t."expiresAt",
          t."spentAt" IS NOT NULL AS "spent", s."closedAt" IS NOT NULL AS "sessionClosed"
        FROM "RefreshToken" t JOIN "Session" s ON s."id" = t."sessionId" WHERE t."hash" = ${hashOf(refreshToken)}`);
      return found ?? null;
    },

    async exchange(refreshToken) {
      const [token, now] = [newToken(), clock.now()];
      const spent = await db.query(sql`WITH spent AS (
          UPDATE "RefreshToken" SET "spentAt" = ${now} WHERE "hash" = ${hashOf(refreshToken)} AND "spentAt" IS NULL RETURNING "sessionId")
        INSERT INTO "RefreshToken" ("hash", "sessionId", "expiresAt") SELECT ${hashOf(token)}::bytea, "sessionId", ${expiry(now)}::timestamptz FROM spent
        RETURNING "sessionId"`);
      return spent.length === 1 ? token : null;
    },

    async end(sessionId, because) {
      await db.query(sql`UPDATE "Session" SET "closedAt" = ${clock.now()}, "closedBecause" = ${because}::"SessionEnd"
        WHERE "id" = ${sessionId}::uuid AND "closedAt" IS NULL`);
    },
  };
}
