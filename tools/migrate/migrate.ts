import pg from 'pg';
import { ensureDatabase } from '../servers/postgres.ts';
import { contextsWithDatabase, databaseName } from '../workspace.ts';
import { applyPending } from './apply.ts';
import { type PartStatus, statusOf } from './history.ts';
import { partsOf } from './migrations.ts';

export type MigrateOptions = {
  /** A context, or `kernel` for the kernel's tables alone. */
  context: string;
  /** Any url of the server; its path is replaced. */
  serverUrl: string;
  /** Default: the context's, hyphens as underscores. */
  database?: string;
  /** The repository; another one in tests. */
  base?: string;
  log?: (line: string) => void;
};

/** `url` is that of the database; `applied` has `<owner>/<migration>` for each migration that was pending. */
export type Migrated = { url: string; applied: string[] };

/**
 * Brings one context's database up to date: creates it if it lacks, applies the kernel's migrations, then the context's. When there is
 * nothing to do it costs two small queries. Any number of processes may do it at the same time.
 */
export async function migrate({
  context,
  serverUrl,
  database = databaseName(context),
  base,
  log = () => {},
}: MigrateOptions): Promise<Migrated> {
  const parts = partsOf(context, base);
  const client = await connectOrCreate(serverUrl, database);
  try {
    const status = await statusOfAll(client, parts);
    for (const { part, edited } of status)
      for (const name of edited) log(`${part.owner}: ${name} was edited after it had been applied to ${database}`);
    const upToDate = status.every(({ pending, failed }) => pending.length === 0 && failed.length === 0);
    const applied = upToDate ? [] : await applyPending(client, parts);
    if (applied.length > 0) log(`${database}: applied ${applied.join(', ')}`);
    return { url: databaseUrl(serverUrl, database), applied };
  } finally {
    await client.end();
  }
}

/** {@link migrate} for several contexts, four at a time; all of them by default. */
export async function migrateAll(
  options: Omit<MigrateOptions, 'context' | 'database'> & { contexts?: string[] },
): Promise<Map<string, Migrated>> {
  const contexts = options.contexts ?? contextsWithDatabase(options.base);
  const results = new Map<string, Migrated>();
  const queue = contexts.values();
  const worker = async () => {
    for (const context of queue) results.set(context, await migrate({ ...options, context }));
  };
  const outcomes = await Promise.allSettled([worker(), worker(), worker(), worker()]);
  const failures = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason as Error);
  if (failures.length > 0) throw new AggregateError(failures, failures.map(({ message }) => message).join('\n'));
  return results;
}

/** Where a context's database stands; undefined when it does not exist. */
export async function migrationStatus({
  context,
  serverUrl,
  database = databaseName(context),
  base,
}: MigrateOptions): Promise<PartStatus[] | undefined> {
  const client = await connect(serverUrl, database);
  if (!client) return undefined;
  try {
    return await statusOfAll(client, partsOf(context, base));
  } finally {
    await client.end();
  }
}

/** The url of a database on that server. */
export function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

async function statusOfAll(client: pg.Client, parts: ReturnType<typeof partsOf>): Promise<PartStatus[]> {
  const all: PartStatus[] = [];
  for (const part of parts) all.push(await statusOf(client, part));
  return all;
}

async function connectOrCreate(serverUrl: string, database: string): Promise<pg.Client> {
  const found = await connect(serverUrl, database);
  if (found) return found;
  await ensureDatabase(serverUrl, database);
  const created = await connect(serverUrl, database);
  if (!created) throw new Error(`database ${database} was dropped while it was migrated`);
  return created;
}

async function connect(serverUrl: string, database: string): Promise<pg.Client | undefined> {
  const client = new pg.Client({
    connectionString: databaseUrl(serverUrl, database),
    application_name: 'migrate',
    options: '-c TimeZone=UTC',
  });
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    if ((error as { code?: string }).code === '3D000') return undefined; // no such database
    throw error;
  }
}
