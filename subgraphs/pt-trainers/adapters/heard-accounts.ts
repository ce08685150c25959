import { sql, type Write, write } from '@madang/kernel/prisma';

/** What is told of an account, one thing at a time. */
export interface HeardAccount {
  readonly accountId: string;
  readonly displayName?: string | undefined;
  readonly isTrainer?: boolean | undefined;
}

/** Keeps what is told beside what was, in whatever order it comes. */
export const hearOfAccount = ({ accountId, displayName = undefined, isTrainer = false }: HeardAccount): Write =>
  write(
    sql`INSERT INTO "HeardAccount" AS a ("id", "displayName", "isTrainer") VALUES (${accountId}::uuid, ${displayName ?? null}::text, ${isTrainer})
      ON CONFLICT ("id") DO UPDATE SET "displayName" = COALESCE(EXCLUDED."displayName", a."displayName"), "isTrainer" = EXCLUDED."isTrainer" OR a."isTrainer"`,
    'any',
  );
