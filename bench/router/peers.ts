import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SOURCES = path.join(import.meta.dirname, 'peers');
/** Outside of the workspaces, so that neither lockfile nor node_modules of the repository grow. */
const INSTALLED = path.join(import.meta.dirname, '../../.madang/bench-router');
const INSTALL_MS = 10 * 60_000;

/**
 * Installs a peer where it is not, and copies its program beside it.
 * @returns the folder @throws what npm says
 */
export async function installed(peer: string, say: (line: string) => void): Promise<string> {
  const folder = path.join(INSTALLED, peer);
  const wanted = readFileSync(path.join(SOURCES, peer, 'package.json'), 'utf8');
  const stamp = path.join(folder, 'installed.json');
  mkdirSync(folder, { recursive: true });
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    say(`${peer} is installed into ${path.relative(process.cwd(), folder)}`);
    rmSync(path.join(folder, 'node_modules'), { recursive: true, force: true });
    rmSync(path.join(folder, 'package-lock.json'), { force: true });
    writeFileSync(path.join(folder, 'package.json'), wanted);
    await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: folder,
      timeout: INSTALL_MS,
      // What npm run passes on names the repository as the project.
      env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name))),
    });
    writeFileSync(stamp, wanted);
  }
  copyFileSync(path.join(SOURCES, peer, 'gateway.mjs'), path.join(folder, 'gateway.mjs'));
  return folder;
}

/** `@apollo/gateway 2.14.4, …` as installed. */
export const versions = (folder: string, packages: readonly string[]): string =>
  packages
    .map((name) => {
      const { version } = JSON.parse(readFileSync(path.join(folder, 'node_modules', name, 'package.json'), 'utf8')) as { version: string };
      return `${name} ${version}`;
    })
    .join(', ');
