import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import { LOCK_FILE, migrationsOf, type Part } from './migrations.ts';

/** The two sides that a schema.prisma can be compared with. */
export type Source = 'migrations' | 'database';

/** The type of pg_catalog's one-letter codes. */
const CHAR = 18;

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>;

/**
 * What lacks in `source` to be what schema.prisma says: undefined when nothing does, otherwise a SQL script or a summary for people.
 * `serverUrl` names the database that is compared; a shadow database is made on that server and dropped again.
 */
export async function difference(
  target: Part,
  source: Source,
  format: 'script' | 'summary',
  serverUrl: string,
): Promise<string | undefined> {
  const file = path.join(target.folder, 'schema.prisma');
  const content = readFileSync(file, 'utf8');
  const schema = { files: [{ path: file, content }] };
  const filters = { externalTables: [], externalEnums: [] };
  const factory = new MigrationPg(serverUrl, target.schema);
  const SchemaEngine = await loadEngine();
  const engine = await SchemaEngine.new({ datamodels: [[file, content]] }, () => {}, bindMigrationAwareSqlAdapterFactory(factory) as never);
  const from =
    source === 'migrations'
      ? ({ tag: 'migrations', ...migrationList(target) } as const)
      : ({ tag: 'schemaDatasource', ...schema, configDir: target.folder } as const);
  const to = { tag: 'schemaDatamodel', ...schema } as const;
  const { exitCode, stdout } = await engine.diff({ from, to, script: format === 'script', exitCode: true, filters });
  return exitCode === 0 ? undefined : (stdout ?? '');
}

/** Without the warning that WebAssembly modules are experimental; a panic of the engine says why. */
async function loadEngine() {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: (message: string) => console.error(message) } });
    return (await import('@prisma/schema-engine-wasm')).SchemaEngine;
  } finally {
    process.emitWarning = emitWarning;
  }
}

function migrationList(target: Part) {
  const baseDir = path.join(target.folder, 'migrations');
  return {
    baseDir,
    shadowDbInitScript: '',
    lockfile: { path: 'migration_lock.toml', content: LOCK_FILE },
    migrationDirectories: migrationsOf(target).map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: sql } },
    })),
  };
}

/**
 * The stock adapter does not suit migrations (7.10): it splits scripts at semicolons, takes the target for the shadow database, drops that while
 * connected, and refuses the "char" columns of pg_catalog, which PostgreSQL 18 has in every constraint that the engine reads. Here: one
 * connection, whole scripts, a shadow database of our own, and such columns as characters.
 */
class MigrationPg extends PrismaPg {
  readonly #url: string;
  readonly #schema: string;

  constructor(url: string, schema: string) {
    super(url);
    this.#url = url;
    this.#schema = schema;
  }

  override connect(): Promise<Adapter> {
    return this.#open(this.#url);
  }

  override async connectToShadowDb(): Promise<Adapter> {
    const name = `prisma_migrate_shadow_db_${randomUUID()}`;
    await this.#asAdmin(`CREATE DATABASE "${name}"`);
    const url = new URL(this.#url);
    url.pathname = `/${name}`;
    return this.#open(url.href, () => this.#asAdmin(`DROP DATABASE "${name}" WITH (FORCE)`));
  }

  async #open(url: string, release = async () => {}): Promise<Adapter> {
    const pool = new pg.Pool({ connectionString: url, max: 1, options: `-c TimeZone=UTC -c search_path=${this.#schema}` });
    pool.on('error', () => {});
    await pool.query(`CREATE SCHEMA IF NOT EXISTS "${this.#schema}"`);
    const run = pool.query.bind(pool) as (...args: unknown[]) => Promise<pg.QueryResult<unknown[]>>;
    const characters = new WeakMap<unknown[], number[]>();
    const asText = async (...args: unknown[]) => {
      const result = await run(...args);
      const found: number[] = [];
      for (const [index, field] of (result.fields ?? []).entries()) {
        if (field.dataTypeID !== CHAR) continue;
        field.dataTypeID = pg.types.builtins.TEXT;
        found.push(index);
      }
      characters.set(result.rows, found);
      return result;
    };
    Object.assign(pool, { query: asText });
    const adapter = await new PrismaPg(pool, { schema: this.#schema }).connect();
    const queryRaw = adapter.queryRaw.bind(adapter);
    return Object.assign(adapter, {
      queryRaw: async (query: Parameters<typeof queryRaw>[0]) => {
        const result = await queryRaw(query);
        for (const index of characters.get(result.rows) ?? []) result.columnTypes[index] = ColumnTypeEnum.Character;
        return result;
      },
      executeScript: async (sql: string) => {
        try {
          await run(sql);
        } catch (error) {
          (adapter as unknown as { onError(error: unknown): never }).onError(error);
        }
      },
      dispose: async () => {
        await pool.end();
        await release();
      },
    });
  }

  async #asAdmin(sql: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.#url });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  }
}
