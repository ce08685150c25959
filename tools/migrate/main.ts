import path from 'node:path';
import pg from 'pg';
import { contextsWithDatabase, databaseName, root } from '../workspace.ts';
import { createMigration, tryOut } from './dev.ts';
import { difference } from './engine.ts';
import { databaseUrl, migrate, migrateAll, migrationStatus } from './migrate.ts';
import { part } from './migrations.ts';
import { withServer } from './server.ts';

const USAGE = `node tools/migrate/main.ts <command> <context|kernel|all> [name]

  deploy   creates the databases and applies what is pending (DATABASE_URL)
  status   says what is pending, edited or failed (DATABASE_URL)
  check    whether the migrations say the same as schema.prisma; with DATABASE_URL the live databases too
  dev      writes prisma/<context>/migrations/<time>_<name> with what schema.prisma has changed, and tries it`;

const [command, selection, name = 'change'] = process.argv.slice(2);

try {
  const owners = selected();
  if (command === 'deploy') await deploy(owners);
  else if (command === 'status') await status(owners);
  else if (command === 'check') await withServer((url) => check(owners, url));
  else if (command === 'dev') await withServer((url) => dev(owners, url));
  else throw new Error(USAGE);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

function selected(): string[] {
  const known = ['kernel', ...contextsWithDatabase()];
  if (selection === 'all') return known;
  if (!selection || !known.includes(selection)) throw new Error(`${USAGE}\n\nKnown: all, ${known.join(', ')}`);
  return [selection];
}

function requiredServer(): string {
  if (!process.env.DATABASE_URL) throw new Error('DATABASE_URL is required');
  return process.env.DATABASE_URL;
}

/** The kernel has no database of its own: alone it means its part of every context's. */
async function deploy(owners: string[]): Promise<void> {
  const serverUrl = requiredServer();
  const contexts = owners.filter((owner) => owner !== 'kernel');
  if (contexts.length > 0) {
    const results = await migrateAll({ serverUrl, contexts, log: console.log });
    console.log(`${results.size} databases are up to date`);
  } else {
    for (const context of contextsWithDatabase())
      await migrate({ context: 'kernel', database: databaseName(context), serverUrl, log: console.log });
  }
}

async function status(owners: string[]): Promise<void> {
  const serverUrl = requiredServer();
  for (const context of owners.filter((owner) => owner !== 'kernel')) {
    const parts = await migrationStatus({ context, serverUrl });
    const lines = parts?.flatMap(({ part: { owner }, pending, edited, failed, unknown }) => [
      ...pending.map((migration) => `pending  ${owner}/${migration.name}`),
      ...edited.map((migration) => `edited   ${owner}/${migration}`),
      ...failed.map((migration) => `failed   ${owner}/${migration.name}`),
      ...unknown.map((migration) => `unknown  ${owner}/${migration}`),
    ]) ?? ['pending  everything: there is no database'];
    if (lines.length > 0) process.exitCode = 1;
    console.log(lines.length === 0 ? `${context}: up to date` : [`${context}:`, ...lines].join('\n  '));
  }
}

async function check(owners: string[], serverUrl: string): Promise<void> {
  for (const owner of owners) {
    const findings = new Map([['migrations', await difference(part(owner), 'migrations', 'summary', databaseUrl(serverUrl, 'postgres'))]]);
    if (process.env.DATABASE_URL && owner !== 'kernel') {
      findings.set('database', await difference(part(owner), 'database', 'summary', databaseUrl(serverUrl, databaseName(owner))));
    }
    for (const [what, drift] of findings) {
      console.log(
        drift === undefined
          ? `${owner}: ${what} and schema.prisma say the same`
          : `${owner}: ${what} lack something of schema.prisma\n${drift}`,
      );
      if (drift !== undefined) process.exitCode = 1;
    }
  }
}

async function dev(owners: string[], serverUrl: string): Promise<void> {
  const dropDatabase = async (database: string) => {
    const client = new pg.Client({ connectionString: databaseUrl(serverUrl, 'postgres') });
    await client.connect();
    await client.query(`DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`).finally(() => client.end());
  };
  for (const owner of owners) {
    const folder = await createMigration(owner, name, serverUrl);
    console.log(folder ? `created ${path.relative(root, folder)}/migration.sql` : `${owner}: nothing has changed`);
    if (folder) console.log(`tried: ${(await tryOut(owner, serverUrl, dropDatabase)).join(', ')}`);
  }
}
