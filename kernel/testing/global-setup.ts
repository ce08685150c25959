import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../tools/migrate/migrate.ts';
import { startNats } from '../../tools/servers/nats.ts';
import { startPostgres } from '../../tools/servers/postgres.ts';
import { temporaryFolder } from '../../tools/servers/temporary.ts';
import { contextsWithDatabase, databaseName } from '../../tools/workspace.ts';

/** What the integration tests of a run share. `broken` tells, by context, why it has no template database. */
export type SharedServers = { postgresUrl: string; natsUrl: string; broken: Record<string, string> };

declare module 'vitest' {
  interface ProvidedContext {
    servers: SharedServers;
  }
}

/** One PostgreSQL and one nats-server for the whole run, in a temporary folder, with a migrated template database for each context. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = temporaryFolder();
  const [postgres, nats] = await Promise.all([
    startPostgres({ dataDir: path.join(folder.path, 'postgres'), port: 0, fsync: false, auth: 'trust' }),
    startNats({ dataDir: path.join(folder.path, 'nats'), port: 0 }),
  ]);
  const broken: Record<string, string> = {};
  for (const context of ['kernel', ...contextsWithDatabase()]) {
    // A context that does not migrate fails its own tests, not everybody's.
    await migrate({ context, serverUrl: postgres.url, database: `template_${databaseName(context)}` }).catch((error: Error) => {
      broken[context] = error.message;
    });
  }
  project.provide('servers', { postgresUrl: postgres.url, natsUrl: nats.url, broken });
  return async () => {
    await Promise.all([postgres.stop(), nats.stop()]);
    folder.remove();
  };
}
