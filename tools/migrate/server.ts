import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startPostgres } from '../servers/postgres.ts';

/** Runs `work` with the server of DATABASE_URL or, without one, with a PostgreSQL that lives only as long. */
export async function withServer<Result>(work: (serverUrl: string) => Promise<Result>): Promise<Result> {
  const given = process.env.DATABASE_URL;
  if (given) return work(given);
  const folder = mkdtempSync(path.join(tmpdir(), 'madang-migrate-'));
  chmodSync(folder, 0o755); // PostgreSQL may run under another account
  try {
    const postgres = await startPostgres({ dataDir: path.join(folder, 'postgres'), port: 0, fsync: false, auth: 'trust' });
    return await work(postgres.url).finally(() => postgres.stop());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
