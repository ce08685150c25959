import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readRecords } from '../start/records.ts';
import { root } from '../workspace.ts';

/** Where PostgreSQL and nats-server are. */
export interface Addresses {
  readonly databaseUrl: string;
  readonly natsUrl: string;
}

type Env = Readonly<Record<string, string | undefined>>;
const dataFolder = path.join(root, '.madang');

const portOf = (name: string, dataDir: string) =>
  readRecords(dataDir).find((record) => record.name === name && record.state === 'ready')?.port;

/** The nats-server that NATS_URL names, otherwise that of the Madang that runs here; undefined when there is none. */
export function natsAddress(env: Env, dataDir = dataFolder): string | undefined {
  const port = portOf('nats', dataDir);
  return env.NATS_URL || (port && `nats://127.0.0.1:${port}`) || undefined;
}

/**
 * The servers that DATABASE_URL and NATS_URL name, otherwise those of the Madang that runs here.
 * @throws Error that says what to do when there are none
 */
export function addresses(env: Env, dataDir = dataFolder): Addresses {
  const postgres = portOf('postgres', dataDir);
  const passwordFile = path.join(dataDir, 'postgres.password');
  const password = existsSync(passwordFile) ? readFileSync(passwordFile, 'utf8').trim() : '';
  const databaseUrl = env.DATABASE_URL || (postgres && `postgresql://postgres:${encodeURIComponent(password)}@127.0.0.1:${postgres}`);
  const natsUrl = natsAddress(env, dataDir);
  if (!databaseUrl || !natsUrl) throw new Error('Madang does not run here: start it with npm start, or set DATABASE_URL and NATS_URL');
  return { databaseUrl, natsUrl };
}
