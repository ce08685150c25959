import path from 'node:path';
import { startPostgres } from '../servers/postgres.ts';
import { temporaryFolder } from '../servers/temporary.ts';

/** Runs `work` with the server of DATABASE_URL or, without one, with a PostgreSQL that lives only as long. */
export async function withServer<Result>(work: (serverUrl: string) => Promise<Result>): Promise<Result> {
  const given = process.env.DATABASE_URL;
  if (given) return work(given);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  const folder = temporaryFolder();
  try {
    const postgres = await startPostgres({ dataDir: path.join(folder.path, 'postgres'), port: 0, fsync: false, auth: 'trust' });
    return await work(postgres.url).finally(() => postgres.stop());
  } finally {
    folder.remove();
  }
}
