import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readRecords } from '../start/records.ts';
import { root } from '../workspace.ts';

/** Where PostgreSQL and nats-server are. */
export interface Addresses {
  readonly databaseUrl: string;
  readonly natsUrl: string;
}

/**
 * The servers that DATABASE_URL and NATS_URL name, otherwise those of the Madang that runs here.
 * @throws Error that says what to do when there are none
 */
export function addresses(env: Readonly<Record<string, string | undefined>>, dataDir = path.join(root, '.madang')): Addresses {
  const records = readRecords(dataDir);
  const portOf = (name: string) => records.find((record) => record.name === name && record.state === 'ready')?.port;
  const postgres = portOf('postgres');
  const nats = portOf('nats');
  const passwordFile = path.join(dataDir, 'postgres.password');
  const password = existsSync(passwordFile) ? readFileSync(passwordFile, 'utf8').trim() : '';
  const databaseUrl = env.DATABASE_URL || (postgres && `postgresql://postgres:${encodeURIComponent(password)}@127.0.0.1:${postgres}`);
  const natsUrl = env.NATS_URL || (nats && `nats://127.0.0.1:${nats}`);
  if (!databaseUrl || !natsUrl) throw new Error('Madang does not run here: start it with npm start, or set DATABASE_URL and NATS_URL');
  return { databaseUrl, natsUrl };
}
