import type { createLogger } from '@madang/kernel/observability';
import { Database, sql } from '@madang/kernel/prisma';
import { migrate } from '../../tools/migrate/migrate.ts';

/** Where events are written, and where their effects go. */
export interface Sides {
  readonly source: Database;
  readonly target: Database;
}

/** What a context's pool has by default. */
const POOL_SIZE = 8;

/** Two databases with the kernel's tables; the second one has a table for effects. */
export async function openDatabases(serverUrl: string, log: ReturnType<typeof createLogger>): Promise<Sides> {
  const open = async (database: string) => {
    const { url } = await migrate({ context: 'kernel', serverUrl, database });
    return new Database({ url, poolSize: POOL_SIZE, applicationName: `bench ${database}`, log });
  };
  const source = await open('parcels');
  const target = await open('notes');
  await target.query(
    sql`CREATE TABLE "Note" ("at" BIGSERIAL PRIMARY KEY, "parcelId" UUID NOT NULL, "step" INT NOT NULL, "eventId" UUID NOT NULL)`,
  );
  return { source, target };
}

/**
 * Looks for exactly one note for each event, steps of a parcel in their order.
 * @throws saying what is missing, twice or out of order
 */
export async function verify({ source, target }: Sides): Promise<void> {
  const events = await source.query<{ id: string }>(sql`SELECT id::text FROM kernel.outbox`);
  const notes = await target.query<{ parcelId: string; step: number; eventId: string }>(
    sql`SELECT "parcelId"::text, "step", "eventId"::text FROM "Note" ORDER BY "at"`,
  );
  const noted = new Set(notes.map(({ eventId }) => eventId));
  const missing = events.filter(({ id }) => !noted.has(id)).length;
  const last = new Map<string, number>();
  let misplaced = 0;
  for (const { parcelId, step } of notes) {
    if (step !== (last.get(parcelId) ?? 0) + 1) misplaced++;
    last.set(parcelId, step);
  }
  if (missing + misplaced > 0 || notes.length !== events.length)
    throw new Error(`${events.length} events had ${notes.length} effects; ${missing} had none, ${misplaced} were out of order`);
}
