import type pg from 'pg';
import { type Migration, migrationsOf, type Part } from './migrations.ts';

/** Where a database stands against the migrations of the repository. */
export type PartStatus = {
  part: Part;
  pending: Migration[];
  /** Changed after they were applied. */
  edited: string[];
  /** Begun and neither finished nor marked as rolled back. */
  failed: { name: string; logs: string | null }[];
  /** Applied, but not in the repository (any more). */
  unknown: string[];
};

type Row = { migration_name: string; checksum: string; finished: boolean; logs: string | null };

/** Prisma's own table, so that `prisma migrate` and we can take turns. */
export const HISTORY_TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL,
  "checksum" VARCHAR(64) NOT NULL,
  "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL,
  "logs" TEXT,
  "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
  "applied_steps_count" INTEGER NOT NULL DEFAULT 0
)`;

/** Compares a database's history with the migrations in the repository. */
export async function statusOf(client: pg.ClientBase, part: Part): Promise<PartStatus> {
  const rows = await history(client, part.schema);
  const migrations = migrationsOf(part);
  const finished = new Map(rows.filter((row) => row.finished).map((row) => [row.migration_name, row.checksum]));
  return {
    part,
    pending: migrations.filter(({ name }) => !finished.has(name)),
    edited: migrations.filter(({ name, checksum }) => finished.has(name) && finished.get(name) !== checksum).map(({ name }) => name),
    failed: rows.filter((row) => !row.finished).map(({ migration_name, logs }) => ({ name: migration_name, logs })),
    unknown: [...finished.keys()].filter((name) => !migrations.some((migration) => migration.name === name)),
  };
}

async function history(client: pg.ClientBase, schema: string): Promise<Row[]> {
  const table = `"${schema}"."_prisma_migrations"`;
  const {
    rows: [found],
  } = await client.query<{ oid: unknown }>('SELECT to_regclass($1) AS oid', [table]);
  if (!found?.oid) return [];
  const { rows } = await client.query<Row>(
    `SELECT migration_name, checksum, finished_at IS NOT NULL AS finished, logs FROM ${table} WHERE rolled_back_at IS NULL`,
  );
  return rows;
}
