import pg from 'pg';
import { elapsed } from './until.ts';

/** The contexts that have a database, by its name. */
export const CONTEXTS = [
  'accounts',
  'applications',
  'cleanings',
  'deliveries',
  'gifts',
  'kickboards',
  'missions',
  'my_pages',
  'notifications',
  'payment_methods',
  'payments',
  'pt_managers',
  'pt_orders',
  'pt_trainers',
  'reservations',
  'rewards',
  'tickets',
  'wallets',
] as const;
export type Context = (typeof CONTEXTS)[number];

/** How often the sandbox processor looks at its switch for the latency, ms. */
const SWITCH_LOOKED_AT_MS = 100;

/** What the sandbox processor does instead of answering at once. */
export interface Switch {
  readonly outage?: boolean;
  readonly answersLost?: boolean;
  /** Milliseconds that each answer takes, or the least and the most; null: none. */
  readonly latencyMs?: number | readonly [number, number] | null;
}

/** The system's databases. Tests look into them; they change nothing but the sandbox processor's switch. */
export class Databases {
  readonly #serverUrl: string;
  readonly #pools = new Map<Context, pg.Pool>();

  constructor(serverUrl: string) {
    this.#serverUrl = serverUrl;
  }

  async query<Row extends pg.QueryResultRow>(context: Context, sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.#pool(context).query<Row>(sql, [...values])).rows;
  }

  /** The number in the first column of the first row. */
  async count(context: Context, sql: string, values: readonly unknown[] = []): Promise<number> {
    const [row] = await this.query(context, sql, values);
    return Number(Object.values(row ?? {})[0] ?? 0);
  }

  /** Takes the payment processor out, slows it down, or (with nothing) puts it right. */
  async processor({ outage = false, answersLost = false, latencyMs = null }: Switch): Promise<void> {
    const [min, max] = typeof latencyMs === 'number' ? [latencyMs, latencyMs] : (latencyMs ?? [null, null]);
    await this.query(
      'payments',
      `INSERT INTO "SandboxSwitch" ("id", "outage", "answersLost", "latencyMinMs", "latencyMaxMs") VALUES (1, $1, $2, $3, $4)
       ON CONFLICT ("id") DO UPDATE SET "outage" = $1, "answersLost" = $2, "latencyMinMs" = $3, "latencyMaxMs" = $4`,
      [outage, answersLost, min, max],
    );
    await elapsed(2 * SWITCH_LOOKED_AT_MS, 'the processor looks at its switch again');
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.end()));
  }

  #pool(context: Context): pg.Pool {
    let pool = this.#pools.get(context);
    if (!pool) {
      const url = new URL(this.#serverUrl);
      url.pathname = `/${context}`;
      pool = new pg.Pool({ connectionString: url.href, max: 2, application_name: 'e2e', options: '-c TimeZone=UTC' });
      pool.on('error', () => {}); // the server is killed in some scenarios
      this.#pools.set(context, pool);
    }
    return pool;
  }
}
