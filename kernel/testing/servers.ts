import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { databaseName } from '../../tools/workspace.ts';
import type { SharedServers } from './global-setup.ts';

export { OwnServer, startOwnNats, startOwnPostgres } from './own-server.ts';

/** `url` is the database's own; `drop` throws whoever is connected out. */
export type TestDatabase = { url: string; name: string; drop(): Promise<void> };

/** The PostgreSQL and the nats-server that all integration tests of a run share; never stop these. */
export function testServers(): Pick<SharedServers, 'postgresUrl' | 'natsUrl'> {
  const { postgresUrl, natsUrl } = inject('servers');
  return { postgresUrl, natsUrl };
}

/** A fresh database with all migrations of a context (and of the kernel, which `kernel` has alone) and no rows. */
export async function testDatabase(context: string): Promise<TestDatabase> {
  const { postgresUrl, broken } = inject('servers');
  if (broken[context]) throw new Error(`${context} has no database to test with: ${broken[context]}`);
  const name = `${testPrefix()}_${databaseName(context)}`;
  await asAdmin(postgresUrl, `CREATE DATABASE "${name}" TEMPLATE "template_${databaseName(context)}"`);
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  return { url: url.href, name, drop: () => asAdmin(postgresUrl, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`) };
}

/** A prefix that nobody else uses, for streams, subjects and names: `t` and twelve hexadecimal digits. */
export function testPrefix(): string {
  return `t${randomBytes(6).toString('hex')}`;
}

async function asAdmin(serverUrl: string, sql: string): Promise<void> {
  const url = new URL(serverUrl);
  url.pathname = '/postgres';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}
