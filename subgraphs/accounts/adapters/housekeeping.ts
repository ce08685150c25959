import type { Clock, Kernel } from '@madang/kernel/context';
import { type Database, sql } from '@madang/kernel/prisma';
import type { KeyRing } from './key-ring.ts';

export interface HousekeepingOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Kernel['log'];
  readonly keys: KeyRing;
  readonly windowSeconds: number;
  /** How long an address is known. */
  readonly placeDays: number;
}

const HOUR_MS = 3_600_000;

/** Removes what is over: refresh tokens, sessions without one, counted failures, addresses, signing keys. */
export async function removeWhatIsOver({ db, clock, keys, windowSeconds, placeDays }: Omit<HousekeepingOptions, 'log'>): Promise<void> {
  const now = clock.now();
  await db.query(sql`DELETE FROM "RefreshToken" WHERE "expiresAt" <= ${now}`);
  await db.query(sql`DELETE FROM "Session" s WHERE s."openedAt" < ${new Date(now.getTime() - HOUR_MS)}
    AND NOT EXISTS (SELECT FROM "RefreshToken" t WHERE t."sessionId" = s."id")`);
  await db.query(sql`DELETE FROM "SignInFailures" WHERE "since" <= ${new Date(now.getTime() - windowSeconds * 1_000)}`);
  await db.query(sql`DELETE FROM "SignInPlace" WHERE "seenAt" <= ${new Date(now.getTime() - placeDays * 24 * HOUR_MS)}`);
  await keys.remove('over');
}

/** Does so once an hour; any number of replicas may. @returns how to stop it */
export function housekeeping({ log, ...what }: HousekeepingOptions): () => void {
  const sweep = () =>
    removeWhatIsOver(what).catch((error: unknown) =>
      log.warn({ err: error }, 'what is over could not be removed; the next hour tries again'),
    );
  const timer = setInterval(() => void sweep(), HOUR_MS);
  timer.unref();
  return () => clearInterval(timer);
}
