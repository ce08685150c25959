import type { Logger } from 'pino';
import { type Database, sql } from '../prisma/index.ts';

export interface HousekeepingOptions {
  readonly db: Database;
  readonly log: Logger;
  /** Days that published outbox rows and idempotency keys are kept. */
  readonly outboxDays: number;
  /** Days that inbox rows are kept; longer than any event may be delivered again. */
  readonly inboxDays: number;
}

const HOUR = 3_600_000;

/** Removes what is kept for some days only, once an hour. Safe with several replicas. @returns how to stop it */
export function housekeeping({ db, log, outboxDays, inboxDays }: HousekeepingOptions): () => void {
  const sweep = async () => {
    try {
      await db.query(sql`DELETE FROM kernel.outbox WHERE published_at < now() - make_interval(days => ${outboxDays}::int)`);
      await db.query(sql`DELETE FROM kernel.idempotency WHERE created_at < now() - make_interval(days => ${outboxDays}::int)`);
      await db.query(sql`DELETE FROM kernel.inbox WHERE at < now() - make_interval(days => ${inboxDays}::int)`);
    } catch (error) {
      log.warn({ err: error }, 'old rows could not be removed; the next hour tries again');
    }
  };
  const timer = setInterval(() => void sweep(), HOUR);
  timer.unref();
  return () => clearInterval(timer);
}
