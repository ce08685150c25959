import { join, raw, Sql, sqltag as sql } from '@prisma/client/runtime/client';

export { join, raw, Sql, sql };

/** One INSERT, UPDATE or DELETE (without RETURNING) of a commit. */
export interface Write {
  readonly sql: Sql;
  /** `one`, or a number: it must touch exactly so many rows, otherwise the whole commit is a version conflict. `any`: however many. */
  readonly expect: 'one' | 'any' | number;
}

export const write = (statement: Sql, expect: Write['expect'] = 'one'): Write => ({ sql: statement, expect });

type Column = string | number | bigint | boolean | Date | null | undefined | object;

const column = (name: string) => raw(`"${name}"`);
const columns = new Map<string, readonly string[]>();

function columnsOf(table: string, row: object): readonly string[] {
  const names = Object.keys(row);
  const known = columns.get(table);
  if (known?.length === names.length && known.every((name, at) => name === names[at])) return known;
  columns.set(table, names);
  return names;
}

/**
 * Saves one aggregate's row: inserted when `version` is 0, otherwise updated if it still has that version.
 * The table has a column `version`; `key` names its id column.
 * @param table the Prisma model's name
 */
export function saveRow<Row extends object>(table: string, row: Row, version: number, key: keyof Row & string = 'id' as never): Write {
  const names = columnsOf(table, row);
  const values = row as Record<string, Column>;
  if (version === 0)
    return write(
      sql`INSERT INTO ${column(table)} (${join(names.map(column))}, "version") VALUES (${join(names.map((name) => values[name] ?? null))}, 1)`,
    );
  const changes = names.filter((name) => name !== key).map((name) => sql`${column(name)} = ${values[name] ?? null}`);
  return write(
    sql`UPDATE ${column(table)} SET ${join([...changes, sql`"version" = ${version + 1}`])} WHERE ${column(key)} = ${values[key]} AND "version" = ${version}`,
  );
}

interface Versioned {
  readonly id: string;
  /** As it was loaded; 0 for a row that is new. */
  readonly version: number;
}

/** Saves many rows of a table, each as `saveRow` would, in two writes at most: however many there are, the statement is the same. */
export function saveRows<Row extends Versioned>(table: string, rows: readonly Row[]): Write[] {
  // In one order, so that two who save the same rows do not wait for each other.
  const [any, ...others] = rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  if (!any) return [];
  const all = [any, ...others];
  const names = columnsOf(table, any);
  const listed = (of: string) => join(names.map((name) => sql`${raw(of)}${column(name)}`));
  const next = (some: readonly Row[]) => {
    const json = JSON.stringify(some.map((row) => ({ ...row, version: row.version + 1 })));
    return sql`json_populate_recordset(NULL::${column(table)}, ${json}::json) AS new`;
  };
  const [added, changed] = [all.filter(({ version }) => version === 0), all.filter(({ version }) => version > 0)];
  const inserts = write(sql`INSERT INTO ${column(table)} (${listed('')}) SELECT ${listed('new.')} FROM ${next(added)}`, added.length);
  const updates = write(
    sql`UPDATE ${column(table)} AS old SET (${listed('')}) = ROW (${listed('new.')}) FROM ${next(changed)}
      WHERE old."id" = new."id" AND old."version" = new."version" - 1`,
    changed.length,
  );
  return [inserts, updates].filter(({ expect }) => expect !== 0);
}
