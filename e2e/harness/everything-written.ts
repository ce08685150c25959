import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { reachableTwin } from '../../tools/servers/postgres-native.ts';
import type { System } from './system.ts';

/** Something that was written somewhere. */
export interface Written {
  readonly where: string;
  readonly bytes: Buffer;
}

const rows = async (url: URL, sql: string) => {
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  return (await client.query<Record<string, string>>(sql).finally(() => client.end())).rows;
};

/** Every row of every table of every schema of every database of the server, as text. */
export async function* everyTable({ madang }: System): AsyncGenerator<Written> {
  const url = new URL(madang.env.DATABASE_URL ?? '');
  url.pathname = '/postgres';
  for (const { datname } of await rows(url, 'SELECT datname FROM pg_database WHERE datallowconn')) {
    url.pathname = `/${datname}`;
    const tables = await rows(
      url,
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    for (const { name = '' } of tables) {
      const text = (await rows(url, `SELECT t::text AS row FROM ${name} t`)).map(({ row }) => row).join('\n');
      yield { where: `${datname} ${name}`, bytes: Buffer.from(text) };
    }
  }
}

function* filesUnder(folder: string, below = folder): Generator<Written> {
  for (const entry of readdirSync(below, { withFileTypes: true })) {
    const file = path.join(below, entry.name);
    if (entry.isDirectory()) yield* filesUnder(folder, file);
    else if (entry.isFile()) yield { where: path.relative(path.dirname(folder), file), bytes: readFileSync(file) };
  }
}

/** The logs of all processes, the broker's streams (with headers and dead letters), whatever else is in the data folder. */
export function* everyFile({ dataDir }: System): Generator<Written> {
  for (const written of filesUnder(dataDir)) if (!written.where.startsWith('data/postgres/')) yield written;
}

/** PostgreSQL's write-ahead log, which also has what was deleted since. */
export function* writeAheadLog({ dataDir }: System): Generator<Written> {
  const folder = path.join(dataDir, 'postgres');
  const there = [folder, reachableTwin(folder)].find((one) => existsSync(one));
  if (there) yield* filesUnder(path.join(there, 'pg_wal'));
}
