import type { Database } from './database.ts';
import { join, raw, type Sql, sql } from './write.ts';

/** Which rows of a list: so many at most, and only those behind an id. */
interface Span {
  readonly take: number;
  readonly cursorId?: string;
}

/**
 * Reads whole rows of a table by statements that are prepared once, however many ids are asked for: for what is asked for often, since Prisma's `findMany`
 * and `findUnique` cost several times as much. Texts, whole numbers to 32 bits, booleans, times, JSON and enums come as Prisma gives them.
 * @param table the Prisma model's name; `Row` is its row's type
 */
export function rowsOf<Row extends object>(db: Database, table: string) {
  const from = raw(`SELECT * FROM "${table}"`);
  const column = (name: keyof Row & string) => raw(`"${name}"`);
  return {
    /** The row with that value in a unique column. */
    async one(name: keyof Row & string, value: string): Promise<Row | null> {
      return (await db.query<Row>(sql`${from} WHERE ${column(name)} = ${value}`))[0] ?? null;
    },

    /** All rows with one of the values in a column, in no order. */
    among: (name: keyof Row & string, values: readonly string[]): Promise<Row[]> =>
      db.query<Row>(sql`${from} WHERE ${column(name)} = ANY(${values})`),

    /** Rows for which all conditions hold, by falling `id`. */
    newest({ take, cursorId }: Span, conditions: readonly Sql[]): Promise<Row[]> {
      const all = cursorId === undefined ? conditions : [...conditions, sql`"id" < ${cursorId}`];
      const where = all.length > 0 ? sql`WHERE ${join(all, ' AND ')}` : sql``;
      return db.query<Row>(sql`${from} ${where} ORDER BY "id" DESC LIMIT ${take}`);
    },
  };
}

export type Rows<Row extends object> = ReturnType<typeof rowsOf<Row>>;
