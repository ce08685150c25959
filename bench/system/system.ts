import path from 'node:path';
import { temporaryFolder } from '../../tools/servers/temporary.ts';
import type { StartOptions } from '../../tools/start/settings.ts';
import { startChild } from './child.ts';
import { Databases } from './databases.ts';
import type { Started } from './supervisor.ts';

/** The platform as `npm start` runs it: all contexts in one process, servers of its own, commits that wait for the disk. */
export interface System extends Started {
  readonly databases: Databases;
  readonly dataDir: string;
  /** Of the supervisor, whose descendants everything else is. */
  readonly supervisor: number;
  stop(): Promise<void>;
}

/**
 * Set-up makes dozens of accounts, whose passwords are slow to hash by design, and their tokens must last for the run. Nothing that is measured
 * depends on either.
 */
const SETUP = { ACCOUNTS_ARGON2_MEMORY_KIB: '64', ACCOUNTS_ARGON2_PASSES: '1', ACCOUNTS_ACCESS_TOKEN_SECONDS: '7200' };

/**
 * Starts it twice on data of its own and keeps the second one: the first one makes databases and fills the compile cache, which no later start does.
 * Variables of this process (`APPLICATIONS_TO_PAYMENTS_BULKHEAD=128`) reach every program.
 */
export async function startSystem(more: Record<string, string>, atEnd: (undo: () => unknown) => void): Promise<System> {
  const folder = temporaryFolder();
  const dataDir = path.join(folder.path, 'data');
  const options: StartOptions = { dataDir, port: 0, quiet: true, fsync: true, env: { ...SETUP, ...more } };
  const { DATABASE_URL: _, NATS_URL: __, ...rest } = process.env;
  const env = { ...rest, NODE_COMPILE_CACHE: path.join(dataDir, 'compile-cache') };
  const start = () => startChild(new URL('./supervisor.ts', import.meta.url), options, env);
  let running = start();
  const stop = async () => {
    await running.stop();
    folder.remove();
  };
  atEnd(stop);
  try {
    await running.said<Started>('started');
    await running.stop();
    running = start();
    const started = await running.said<Started>('started');
    const databases = new Databases(started.env.DATABASE_URL ?? '');
    return {
      ...started,
      databases,
      dataDir,
      supervisor: running.pid,
      async stop() {
        await databases.close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
