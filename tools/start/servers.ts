import { rmSync } from 'node:fs';
import path from 'node:path';
import { releaseFromFormerOwner } from '../servers/daemon.ts';
import { startNats } from '../servers/nats.ts';
import { startPostgres } from '../servers/postgres.ts';
import { reachableTwin } from '../servers/postgres-native.ts';
import { pickPorts } from './ports.ts';
import { launchServer } from './server-process.ts';
import type { Settings } from './settings.ts';
import { type Unit, type UnitOptions, unit } from './unit.ts';

/** The servers that are ours to run, and where they (or those that were given) are. */
export type Servers = {
  units: Unit[];
  describe(name: string): string;
  /** DATABASE_URL and NATS_URL, once the units are ready. */
  urls(): { DATABASE_URL: string; NATS_URL: string };
};

/** PostgreSQL unless DATABASE_URL is given, nats-server unless NATS_URL is; each on one port for as long as the supervisor lives. */
export async function servers(
  settings: Settings,
  given: Record<string, string | undefined>,
  hooks: Pick<UnitOptions, 'report' | 'changed'>,
): Promise<Servers> {
  const { dataDir, fsync, restarts } = settings;
  const [postgresPort = 0, natsPort = 0] = await pickPorts(2);
  const urls = { DATABASE_URL: given.DATABASE_URL ?? '', NATS_URL: given.NATS_URL ?? '' };
  const units: Unit[] = [];
  const server = (name: 'postgres' | 'nats', port: number, launch: UnitOptions['launch']) =>
    units.push(unit({ name, port, url: `${name}://127.0.0.1:${port}`, launch, autoRestart: restarts(name), ...hooks }));
  if (!urls.DATABASE_URL) {
    const start = async () => {
      const postgres = await startPostgres({ dataDir: path.join(dataDir, 'postgres'), port: postgresPort, fsync });
      urls.DATABASE_URL = postgres.url;
      return postgres;
    };
    server('postgres', postgresPort, () => launchServer(start));
  }
  if (!urls.NATS_URL) {
    const start = async () => {
      const nats = await startNats({ dataDir: path.join(dataDir, 'nats'), port: natsPort, syncAlways: fsync });
      urls.NATS_URL = nats.url;
      return nats;
    };
    server('nats', natsPort, () => launchServer(start));
  }
  return { units, urls: () => urls, describe: (name) => `127.0.0.1:${name === 'nats' ? natsPort : postgresPort}` };
}

/** Removes databases, streams and logs (not the secrets) after ending what a killed start has left on them. */
export async function wipe(dataDir: string): Promise<void> {
  const folders = [path.join(dataDir, 'nats'), path.join(dataDir, 'postgres'), reachableTwin(path.join(dataDir, 'postgres'))];
  for (const folder of folders) {
    await releaseFromFormerOwner(`${folder}.owner`, ['SIGKILL'], () => {});
    for (const file of [folder, `${folder}.password`, `${folder}.log`, `${folder}.conf`]) rmSync(file, { recursive: true, force: true });
  }
  rmSync(path.join(dataDir, 'logs'), { recursive: true, force: true });
}
