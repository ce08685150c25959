import { join, raw, Sql, sqltag as sql } from '@prisma/client/runtime/client';

export { join, raw, Sql, sql };

/** One INSERT, UPDATE or DELETE (without RETURNING) of a commit. */
export interface Write {
  readonly sql: Sql;
  /** `one`: it must touch exactly one row, otherwise the whole commit is a version conflict. `any`: however many. */
  readonly expect: 'one' | 'any';
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
