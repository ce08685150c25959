import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The image that stands in where there is neither a binary nor a Debian package; the version is that of deploy/. */
const IMAGE = 'nats:2.12-alpine';

/** How nats-server can be run here. */
export type NatsBinary = { kind: 'binary'; file: string; version: string } | { kind: 'docker'; image: string };

/** Where fetched servers are kept: `MADANG_CACHE`, by default `.madang/bin` of the checkout. */
export function cacheFolder(): string {
  return path.resolve(process.env.MADANG_CACHE || fileURLToPath(new URL('../../.madang/bin', import.meta.url)));
}

/**
 * Finds nats-server: on the PATH, in the cache, by apt (downloaded and unpacked into the cache, nothing is installed and no root needed),
 * or as a Docker image. Throws an error that names these ways.
 */
export function findNats(log: (line: string) => void = () => {}): NatsBinary {
  const cached = path.join(cacheFolder(), executable('nats-server'));
  const known = binary(onPath()) ?? binary(cached);
  if (known) return known;
  if (process.platform === 'linux' && runs('apt-get', ['--version'])) {
    log('fetching nats-server with apt-get download');
    fetchWithApt(cached);
    const fetched = binary(cached);
    if (fetched) return fetched;
  }
  if (runs('docker', ['version', '--format', '{{.Server.Version}}'])) return { kind: 'docker', image: IMAGE };
  throw new Error(
    'nats-server was not found. Any of these will do: put nats-server on the PATH (apt install nats-server, brew install nats-server, ' +
      `scoop install nats-server), copy it to ${cached}, start Docker, or set NATS_URL to a server of yours with JetStream.`,
  );
}

function onPath(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => path.join(folder, executable('nats-server'))).find((file) => path.isAbsolute(file) && existsSync(file));
}

function binary(file: string | undefined): NatsBinary | undefined {
  if (!file || !existsSync(file)) return undefined;
  const { stdout } = spawnSync(file, ['--version'], { encoding: 'utf8' });
  const version = /v(\d+\.\d+\.\d+)/.exec(stdout ?? '')?.[1];
  return version ? { kind: 'binary', file, version } : undefined;
}

function fetchWithApt(target: string): void {
  mkdirSync(path.dirname(target), { recursive: true });
  const folder = mkdtempSync(path.join(path.dirname(target), 'fetch-'));
  try {
    const download = (...options: string[]) => runs('apt-get', ['-qq', ...options, 'download', 'nats-server'], folder);
    if (!download()) {
      // A fresh container has no package lists, and updating the machine's needs root: keep lists of our own.
      mkdirSync(path.join(folder, 'lists/partial'), { recursive: true });
      const own = [
        '-o',
        `Dir::State::lists=${folder}/lists`,
        '-o',
        `Dir::Cache=${folder}`,
        '-o',
        'Debug::NoLocking=1',
        '-o',
        'APT::Sandbox::User=',
      ];
      runs('apt-get', ['-qq', ...own, 'update'], folder);
      download(...own);
    }
    const deb = readdirSync(folder).find((name) => name.endsWith('.deb'));
    if (deb && runs('dpkg-deb', ['-x', deb, 'unpacked'], folder)) renameSync(path.join(folder, 'unpacked/usr/sbin/nats-server'), target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runs(command: string, args: string[], cwd?: string): boolean {
  return spawnSync(command, args, { cwd, stdio: 'ignore', timeout: 120_000 }).status === 0;
}

function executable(name: string): string {
  return process.platform === 'win32' ? `${name}.exe` : name;
}
