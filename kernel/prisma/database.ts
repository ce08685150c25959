import { EventEmitter } from 'node:events';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import type { Logger } from 'pino';
import { type Commit, type Declarations, publishes, statement } from './commit.ts';
import type { Sql } from './write.ts';

/** The row is not in the version that was loaded: load again, decide again. */
export class VersionConflict extends Error {
  override name = 'VersionConflict';
}
/** The inbox has this event for this handler: its effect has happened. */
export class AlreadyHandled extends Error {
  override name = 'AlreadyHandled';
}
/** Another request with the same idempotency key was faster. */
export class IdempotencyRace extends Error {
  override name = 'IdempotencyRace';
}

export interface DatabaseOptions {
  /** `postgresql://user:password@host:port/database` */
  readonly url: string;
  /** Most connections of the pool. */
  readonly poolSize: number;
  readonly applicationName: string;
  readonly log: Logger;
}

const MOST_PREPARED = 500;
/** A stale version; serialization and deadlock; unique and exclusion constraints: what stands in the way is there when it is loaded again. */
const CONFLICT = new Set(['MD001', '40001', '40P01', '23505', '23P01']);

function translated(error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError)) return error;
  if (error.constraint === 'inbox_pkey') return new AlreadyHandled('the inbox has it');
  if (error.constraint === 'idempotency_pkey') return new IdempotencyRace('the key was taken meanwhile');
  if (error.code !== undefined && CONFLICT.has(error.code))
    return new VersionConflict(`conflict in ${error.table ?? 'a row'}${error.constraint ? ` (${error.constraint})` : ''}`, {
      cause: error,
    });
  return error;
}

/** A context's database: one pool, shared by its Prisma client and by the kernel's statements. */
export class Database {
  readonly pool: pg.Pool;
  /** Emits `committed` after each commit that wrote outbox rows. */
  readonly signals = new EventEmitter<{ committed: [] }>();
  readonly #names = new Map<string, string>();
  readonly #options: DatabaseOptions;

  constructor(options: DatabaseOptions) {
    this.#options = options;
    this.pool = new pg.Pool({
      connectionString: options.url,
      max: options.poolSize,
      application_name: options.applicationName,
      options: '-c TimeZone=UTC',
      connectionTimeoutMillis: 5_000,
    });
    this.pool.on('error', ({ message }) => options.log.warn({ reason: message }, 'an idle connection was lost'));
  }

  /** For `new PrismaClient({ adapter })`. */
  prismaAdapter(): PrismaPg {
    return new PrismaPg(this.pool, { statementNameGenerator: ({ sql: text }: { sql: string }) => this.#name(text) });
  }

  /** Runs one statement, prepared. */
  async query<Row extends object>(query: Sql): Promise<Row[]> {
    const { rows } = await this.pool.query<Row & pg.QueryResultRow>({
      name: this.#name(query.text),
      text: query.text,
      values: query.values,
    });
    return rows;
  }

  /**
   * Writes all of it in one statement, or nothing.
   * @throws VersionConflict, AlreadyHandled, IdempotencyRace
   */
  commit(commit: Commit, declared: Declarations): Promise<void> {
    return this.commitAll([commit], declared);
  }

  /** Several commits in one statement: all of them, or none. Throws what `commit` does. */
  async commitAll(commits: readonly Commit[], declared: Declarations): Promise<void> {
    try {
      await this.query(statement(commits, declared));
    } catch (error) {
      throw translated(error);
    }
    if (publishes(commits)) this.signals.emit('committed');
  }

  /** A connection of its own, outside of the pool: for session locks and LISTEN. */
  client(): pg.Client {
    const client = new pg.Client({
      connectionString: this.#options.url,
      application_name: `${this.#options.applicationName} session`,
      options: '-c TimeZone=UTC',
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    client.on('error', () => {});
    return client;
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  #name(text: string): string {
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    // Lists of any length make ever new texts: past the bound they run unprepared.
    if (this.#names.size >= MOST_PREPARED) return '';
    const name = `s${this.#names.size}`;
    this.#names.set(text, name);
    return name;
  }
}
