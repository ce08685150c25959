import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { killRecorded } from './daemon.ts';

/** A folder for servers whose data nobody will miss: tests and tools. */
export type TemporaryFolder = {
  path: string;
  /** Once its servers are stopped. */
  remove(): void;
};

/** Makes a folder that goes with this process at the latest, and with it the servers that still run on it; only a kill -9 leaves them behind. */
export function temporaryFolder(): TemporaryFolder {
  const folder = mkdtempSync(path.join(tmpdir(), 'madang-'));
  chmodSync(folder, 0o755); // PostgreSQL may run under another account
  const remove = () => {
    process.off('exit', atExit);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const atExit = () => {
    for (const file of readdirSync(folder)) if (file.endsWith('.owner')) killRecorded(path.join(folder, file));
    remove();
  };
  process.once('exit', atExit);
  return { path: folder, remove };
}
