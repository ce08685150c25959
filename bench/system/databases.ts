import pg from 'pg';

/** The contexts' databases, to look at what was really stored and to switch the sandbox processor's latency. */
export class Databases {
  readonly #serverUrl: string;
  readonly #pools = new Map<string, pg.Pool>();

  constructor(serverUrl: string) {
    this.#serverUrl = serverUrl;
  }

  /** Runs a query in the database of that name: `my_pages`. */
  async query<Row extends pg.QueryResultRow>(database: string, sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.#pool(database).query<Row>(sql, [...values])).rows;
  }

  /** The number in the first column of the first row. */
  async count(database: string, sql: string, values: readonly unknown[] = []): Promise<number> {
    const [row] = await this.query(database, sql, values);
    return Number(Object.values(row ?? {})[0] ?? 0);
  }

  /** How long the sandbox processor takes, uniformly between the two; the payments context looks at most 100 ms later. */
  async processorLatency(minMs: number, maxMs: number): Promise<void> {
    await this.query(
      'payments',
      `INSERT INTO "SandboxSwitch" ("id", "latencyMinMs", "latencyMaxMs") VALUES (1, $1, $2)
       ON CONFLICT ("id") DO UPDATE SET "latencyMinMs" = $1, "latencyMaxMs" = $2`,
      [minMs, maxMs],
    );
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.end()));
    this.#pools.clear();
  }

  #pool(database: string): pg.Pool {
    const known = this.#pools.get(database);
    if (known) return known;
    const url = new URL(this.#serverUrl);
    url.pathname = `/${database}`;
    const pool = new pg.Pool({
      connectionString: url.href,
      max: 1,
      idleTimeoutMillis: 500,
      application_name: 'bench',
      options: '-c TimeZone=UTC',
    });
    pool.on('error', () => {}); // the run was ended while it was idle
    this.#pools.set(database, pool);
    return pool;
  }
}
