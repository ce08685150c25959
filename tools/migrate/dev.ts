import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { difference } from './engine.ts';
import { databaseUrl, migrate } from './migrate.ts';
import { LOCK_FILE, migrationsOf, type Part, part } from './migrations.ts';

/** Writes a migration with what lacks to be as schema.prisma says; answers its folder, or undefined when nothing lacks. */
export async function createMigration(owner: string, name: string, serverUrl: string, base?: string): Promise<string | undefined> {
  const target = part(owner, base);
  const migrations = path.join(target.folder, 'migrations');
  const script = await difference(target, 'migrations', 'script', databaseUrl(serverUrl, 'postgres'));
  if (script === undefined) return undefined;
  const folder = path.join(migrations, `${nextTimestamp(target)}_${name.replaceAll(/\W+/g, '_').toLowerCase()}`);
  mkdirSync(folder, { recursive: true });
  const lock = path.join(migrations, 'migration_lock.toml');
  if (!existsSync(lock)) writeFileSync(lock, LOCK_FILE);
  writeFileSync(path.join(folder, 'migration.sql'), script);
  return folder;
}

/** Tries a context's migrations on a database of its own, which is dropped again. */
export async function tryOut(
  owner: string,
  serverUrl: string,
  dropDatabase: (name: string) => Promise<void>,
  base?: string,
): Promise<string[]> {
  const database = `try_${owner.replaceAll('-', '_')}_${process.pid}`;
  try {
    return (await migrate({ context: owner, serverUrl, database, ...(base ? { base } : {}) })).applied;
  } finally {
    await dropDatabase(database);
  }
}

/** After the last one even when that carries a date ahead of the clock: migrations are applied in the order of their names. */
function nextTimestamp(target: Part): string {
  const now = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);
  const last = migrationsOf(target).at(-1)?.name.slice(0, 14) ?? '';
  return last >= now && /^\d{14}$/.test(last) ? String(BigInt(last) + 1n) : now;
}
