import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { databaseUrl } from '../../migrate/migrate.ts';
import { statementsOf } from '../../migrate/statements.ts';
import type { Place } from '../finding.ts';
import { type Hazard, hazards } from './hazards.ts';
import type { Released } from './released.ts';
import { type Snapshot, snapshot } from './snapshot.ts';

/** A migration's script and where it lies. */
export interface Script {
  readonly file: string;
  readonly sql: string;
}

/** What the new migrations do, each with the statement that does it. */
export interface Built {
  readonly hazards: readonly { readonly hazard: Hazard; readonly at: Place }[];
  /** The first statement that the server refuses; nothing after it was tried. */
  readonly failure?: { readonly message: string; readonly at: Place };
}

/**
 * Builds the released database in one that is dropped again, carries the new migrations out statement by statement, and looks at it
 * after each: what has become of the tables is read from PostgreSQL itself, so that no way to write a statement escapes.
 */
export async function build(
  serverUrl: string,
  schema: string,
  before: readonly Script[],
  fresh: readonly Script[],
  by: Released,
): Promise<Built> {
  const name = `schema_check_${randomUUID().replaceAll('-', '')}`;
  const admin = new pg.Client({ connectionString: databaseUrl(serverUrl, 'postgres') });
  await admin.connect();
  await admin.query(`CREATE DATABASE "${name}"`);
  const client = new pg.Client({ connectionString: databaseUrl(serverUrl, name), options: `-c TimeZone=UTC -c search_path=${schema}` });
  try {
    await client.connect();
    await client.query(`CREATE SCHEMA IF NOT EXISTS "${schema}"`);
    return await run(client, schema, before, fresh, by);
  } finally {
    await client.end();
    await admin.query(`DROP DATABASE "${name}" WITH (FORCE)`).finally(() => admin.end());
  }
}

async function run(client: pg.Client, schema: string, before: readonly Script[], fresh: readonly Script[], by: Released): Promise<Built> {
  for (const { file, sql } of before) {
    try {
      await client.query(sql);
    } catch (error) {
      return { hazards: [], failure: { message: (error as Error).message, at: { file } } };
    }
  }
  const start: Snapshot = await snapshot(client, schema);
  let open: { hazard: Hazard; at: Place }[] = [];
  for (const { file, sql } of fresh) {
    for (const { text, line } of statementsOf(sql)) {
      const at = { file, line };
      try {
        await client.query(text);
      } catch (error) {
        return { hazards: open, failure: { message: (error as Error).message, at } };
      }
      const now = hazards(start, await snapshot(client, schema), by);
      // What a later statement takes back, as when a type is made anew, is none; what stays is the fault of the statement that began it.
      open = now.map((hazard) => open.find((it) => it.hazard.message === hazard.message) ?? { hazard, at });
    }
  }
  return { hazards: open };
}
