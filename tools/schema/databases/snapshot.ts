import type pg from 'pg';

/** A column as PostgreSQL knows it. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  /** Whether an INSERT may leave it out. */
  readonly filled: boolean;
}

/** A table; `id` stays when it is renamed, `storage` changes when all of it is rewritten. */
export interface Table {
  readonly id: number;
  readonly name: string;
  readonly storage: string;
  /** By their number, which stays when they are renamed. */
  readonly columns: Readonly<Record<number, Column>>;
  /** What a row may be refused for, by its definition. */
  readonly rules: Readonly<Record<string, string>>;
}

/** The tables and enums of one PostgreSQL schema. */
export interface Snapshot {
  readonly tables: readonly Table[];
  readonly enums: Readonly<Record<string, readonly string[]>>;
}

const TABLES = `
SELECT c.oid::int AS id, c.relname AS name, pg_relation_filenode(c.oid)::text AS storage,
  coalesce((SELECT json_object_agg(a.attnum, json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
      'required', a.attnotnull, 'filled', a.atthasdef OR a.attidentity <> '' OR a.attgenerated <> ''))
    FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '{}') AS columns,
  coalesce((SELECT json_object_agg(name, definition) FROM (
      SELECT conname AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint
        WHERE conrelid = c.oid AND contype IN ('c', 'f', 'u', 'x', 'p')
      UNION
      SELECT relname, regexp_replace(pg_get_indexdef(indexrelid), '^.* USING ', 'UNIQUE ') FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
        WHERE indrelid = c.oid AND indisunique AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)) rules), '{}') AS rules
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') ORDER BY c.relname`;

const ENUMS = `
SELECT t.typname AS name, json_agg(e.enumlabel ORDER BY e.enumsortorder) AS labels
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_enum e ON e.enumtypid = t.oid
WHERE n.nspname = $1 GROUP BY t.typname`;

/** How a schema of the database is at the moment. */
export async function snapshot(client: pg.ClientBase, schema: string): Promise<Snapshot> {
  const tables = await client.query<Table>(TABLES, [schema]);
  const enums = await client.query<{ name: string; labels: string[] }>(ENUMS, [schema]);
  return { tables: tables.rows, enums: Object.fromEntries(enums.rows.map(({ name, labels }) => [name, labels])) };
}
