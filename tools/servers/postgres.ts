import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { type Daemon, releaseFromFormerOwner, startDaemon } from './daemon.ts';
import { freePort } from './ports.ts';
import { nativeFolder, reachableTwin, reaches, type User, unprivilegedUser } from './postgres-native.ts';
import { commandLine, identify, terminate } from './processes.ts';

export type PostgresOptions = {
  /** Made by initdb when it is not there. Beside it: `<dataDir>.password` (0600), `<dataDir>.log`, `<dataDir>.owner`. */
  dataDir: string;
  /** TCP port on 127.0.0.1; 0 = any free one. */
  port: number;
  /** False only for tests: faster; a power cut loses the data, a kill -9 of the server does not. Default true. */
  fsync?: boolean;
  /** Default 200. */
  maxConnections?: number;
  /** `scram` (default) asks for the generated password that is in the url; `trust`, for tests, for none. Fixed when the folder is made. */
  auth?: 'scram' | 'trust';
  log?: (line: string) => void;
};

/** `url` has no database path: `postgresql://postgres:…@127.0.0.1:PORT`. */
export type Postgres = Daemon & { url: string };

/** Fast, then immediate shutdown (which leaves recovery to the next start), then none at all. */
const STOP: NodeJS.Signals[] = ['SIGINT', 'SIGQUIT', 'SIGKILL'];

/**
 * Starts the PostgreSQL 18 that npm installed: TCP on 127.0.0.1 only. A server that a killed owner left behind on the same folder is
 * stopped first; one whose owner lives is an error.
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const { fsync = true, maxConnections = 200, auth = 'scram', log = () => {} } = options;
  const user = unprivilegedUser();
  const native = nativeFolder(user);
  const dataDir = reachableDataDir(path.resolve(options.dataDir), user);
  await releaseFromFormerOwner(`${dataDir}.owner`, STOP, log);
  await releasePostmaster(dataDir, log);
  if (!existsSync(path.join(dataDir, 'PG_VERSION'))) {
    log('making the database folder (initdb)');
    initdb(native, dataDir, auth, fsync, user);
  }
  const port = options.port || (await freePort());
  const settings: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: maxConnections,
    timezone: 'UTC',
    log_timezone: 'UTC',
    io_method: 'sync',
    jit: 'off',
    ...(fsync ? {} : { fsync: 'off', full_page_writes: 'off' }),
  };
  const args = ['-D', dataDir, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const start = () =>
    startDaemon({
      name: 'PostgreSQL',
      command: path.join(native, 'bin/postgres'),
      args,
      user,
      logFile: `${dataDir}.log`,
      recordFile: `${dataDir}.owner`,
      stopSignals: STOP,
      ready: (pid) => isReady(dataDir, pid),
    });
  const daemon = await untilMemoryIsReleased(start);
  const password = existsSync(`${dataDir}.password`) ? `:${readFileSync(`${dataDir}.password`, 'utf8').trim()}` : '';
  return { ...daemon, url: `postgresql://postgres${password}@127.0.0.1:${port}` };
}

/** Creates the database unless it is there; answers its url. */
export async function ensureDatabase(url: string, name: string): Promise<string> {
  const server = new URL(url);
  server.pathname = '/postgres';
  const client = new pg.Client({ connectionString: server.href });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } catch (error) {
    // Another process created it between our two statements.
    if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw error;
  } finally {
    await client.end();
  }
  server.pathname = `/${name}`;
  return server.href;
}

function reachableDataDir(wanted: string, user: User | undefined): string {
  mkdirSync(path.dirname(wanted), { recursive: true });
  if (reaches(user, path.dirname(wanted))) return wanted;
  const twin = reachableTwin(wanted);
  mkdirSync(path.dirname(twin), { recursive: true, mode: 0o755 });
  return twin;
}

/** Made aside and renamed, so that an interrupted initdb never looks like a database. */
function initdb(native: string, dataDir: string, auth: 'scram' | 'trust', fsync: boolean, user: User | undefined): void {
  const fresh = `${dataDir}.new`;
  const passwordForServer = `${dataDir}.pwfile`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  const password = randomBytes(24).toString('base64url');
  writeFileSync(passwordForServer, password, { mode: 0o600 });
  if (user) for (const file of [fresh, passwordForServer]) chownSync(file, user.uid, user.gid);
  const args = ['-D', fresh, '-U', 'postgres', '--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  args.push(`--auth=${auth === 'trust' ? 'trust' : 'scram-sha-256'}`, `--pwfile=${passwordForServer}`, ...(fsync ? [] : ['--no-sync']));
  const { status, stdout, stderr, error } = spawnSync(path.join(native, 'bin/initdb'), args, { ...user, cwd: '/', encoding: 'utf8' });
  rmSync(passwordForServer, { force: true });
  if (status !== 0) throw new Error(`initdb failed: ${error?.message ?? ''}\n${stdout}${stderr}`);
  if (auth === 'scram') {
    writeFileSync(`${dataDir}.password`, password, { mode: 0o600 });
    chmodSync(`${dataDir}.password`, 0o600);
  }
  renameSync(fresh, dataDir);
}

/** PostgreSQL takes any living process that has the number in its stale lock file for a server: clear that up before. */
async function releasePostmaster(dataDir: string, log: (line: string) => void): Promise<void> {
  const file = path.join(dataDir, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  const identity = identify(pid);
  if (identity && (process.platform === 'win32' || commandLine(pid).includes(dataDir))) {
    log(`stopping PostgreSQL ${pid}, left behind on ${dataDir}`);
    await terminate(identity, STOP);
  }
  rmSync(file, { force: true });
}

/** The last line of postmaster.pid is the server's own word on it, as pg_ctl reads it. */
function isReady(dataDir: string, pid: number): boolean {
  try {
    const lines = readFileSync(path.join(dataDir, 'postmaster.pid'), 'utf8').split('\n');
    return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
  } catch {
    return false;
  }
}

/** After a kill -9 of the server its children need a moment to notice and to let go of the shared memory. */
async function untilMemoryIsReleased(start: () => Promise<Daemon>): Promise<Daemon> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    try {
      return await start();
    } catch (error) {
      if (!/shared memory block .* still in use/.test(String(error)) || Date.now() > deadline) throw error;
      await delay(100);
    }
  }
}
