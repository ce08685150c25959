import type { Database } from '@madang/kernel/prisma';
import type { Row } from '../read-models/view.ts';

/** The one connection that a rebuild works on: it holds the lock, so when it is lost all ends. */
export type Session = ReturnType<Database['client']>;

/** A table's columns but `version`, in SQL. */
const listed = (columns: readonly string[], of = ''): string => columns.map((name) => `${of}"${name}"`).join(', ');

/** What the swap changed of a table. */
export interface Changes {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

/** The tables that are being rebuilt, in a schema of their own, empty at first. */
export class Shadow {
  readonly #session: Session;
  readonly #columns = new Map<string, readonly string[]>();

  constructor(session: Session) {
    this.#session = session;
  }

  /** Begins anew. The tables in `kept` begin with the rows of today instead, in version 0 until an event is heard of them. */
  async create(tables: readonly string[], kept: ReadonlySet<string>): Promise<void> {
    await this.drop();
    await this.#session.query('CREATE SCHEMA rebuilding');
    await this.#session.query('CREATE UNLOGGED TABLE rebuilding.heard (event_id uuid NOT NULL)');
    for (const table of tables) {
      await this.#session.query(`CREATE UNLOGGED TABLE rebuilding."${table}" (LIKE public."${table}" INCLUDING ALL)`);
      const { rows } = await this.#session.query<{ name: string }>(
        `SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attname <> 'version'`,
        [`public."${table}"`],
      );
      const columns = rows.map(({ name }) => name);
      this.#columns.set(table, columns);
      if (kept.has(table))
        await this.#session.query(
          `INSERT INTO rebuilding."${table}" (${listed(columns)}, "version") SELECT ${listed(columns)}, 0 FROM public."${table}"`,
        );
    }
  }

  async drop(): Promise<void> {
    await this.#session.query('DROP SCHEMA IF EXISTS rebuilding CASCADE');
  }

  /** Remembers which events have been read. */
  async heard(eventIds: readonly string[]): Promise<void> {
    await this.#session.query('INSERT INTO rebuilding.heard SELECT unnest($1::uuid[])', [eventIds]);
  }

  async load(table: string, ids: readonly string[]): Promise<Map<string, Row>> {
    const { rows } = await this.#session.query<Row & Record<string, unknown>>(`SELECT * FROM rebuilding."${table}" WHERE "id" = ANY($1)`, [
      ids,
    ]);
    return new Map(rows.map((row) => [row.id, row]));
  }

  async save(table: string, rows: readonly Row[]): Promise<void> {
    if (rows.length === 0) return;
    const columns = [...this.#columnsOf(table), 'version'];
    await this.#session.query(
      `INSERT INTO rebuilding."${table}" (${listed(columns)})
       SELECT ${listed(columns)} FROM json_populate_recordset(NULL::rebuilding."${table}", $1::json)
       ON CONFLICT ("id") DO UPDATE SET (${listed(columns)}) = ROW (${listed(columns, 'EXCLUDED.')})`,
      [JSON.stringify(rows)],
    );
  }

  /** Ids of the rows that are not the same here as in the table that is shown. */
  async differing(table: string): Promise<string[]> {
    await this.#session.query(`ANALYZE rebuilding."${table}"`);
    const { rows } = await this.#session.query<{ id: string }>(
      `SELECT coalesce(shown."id", new."id") AS id FROM public."${table}" shown FULL JOIN rebuilding."${table}" new ON new."id" = shown."id"
       WHERE ${this.#differ(table)}`,
    );
    return rows.map(({ id }) => id);
  }

  /** Makes these rows of the table that is shown the same as here. */
  async swap(table: string, ids: readonly string[]): Promise<Changes> {
    const columns = this.#columnsOf(table);
    const run = async (text: string) => (await this.#session.query(text, [ids])).rowCount ?? 0;
    const removed = await run(
      `DELETE FROM public."${table}" shown WHERE "id" = ANY($1) AND NOT EXISTS (SELECT FROM rebuilding."${table}" new WHERE new."id" = shown."id")`,
    );
    const changed = await run(
      `UPDATE public."${table}" shown SET (${listed(columns)}, "version") = ROW (${listed(columns, 'new.')}, shown."version" + 1)
       FROM rebuilding."${table}" new WHERE new."id" = ANY($1) AND shown."id" = new."id" AND ${this.#differ(table)}`,
    );
    const added = await run(
      `INSERT INTO public."${table}" (${listed(columns)}, "version") SELECT ${listed(columns)}, greatest("version", 1) FROM rebuilding."${table}" new
       WHERE "id" = ANY($1) AND NOT EXISTS (SELECT FROM public."${table}" shown WHERE shown."id" = new."id")`,
    );
    return { added, changed, removed };
  }

  /** How many rows there are, and how many of them no event was heard of. */
  async count(table: string): Promise<{ rows: number; kept: number }> {
    const { rows } = await this.#session.query<{ rows: number; kept: number }>(
      `SELECT count(*)::int AS rows, count(*) FILTER (WHERE "version" = 0)::int AS kept FROM rebuilding."${table}"`,
    );
    return rows[0] ?? { rows: 0, kept: 0 };
  }

  #differ(table: string): string {
    const columns = this.#columnsOf(table);
    return `(${listed(columns, 'shown.')}) IS DISTINCT FROM (${listed(columns, 'new.')})`;
  }

  #columnsOf(table: string): readonly string[] {
    return this.#columns.get(table) ?? [];
  }
}
