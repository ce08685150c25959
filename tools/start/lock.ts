import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identify, type ProcessIdentity, runs } from '../servers/processes.ts';
import { readRecords } from './records.ts';

/** Two starts on one data folder: the second one gets this. */
export class AlreadyRunning extends Error {}

/**
 * Claims the data folder for this process; the lock of a process that is gone does not count. What such a process left behind is
 * given time to end by itself, then ended. Answers what releases the lock.
 */
export async function lock(dataDir: string): Promise<() => void> {
  mkdirSync(dataDir, { recursive: true });
  const file = path.join(dataDir, 'lock');
  const me = identify(process.pid);
  for (;;) {
    try {
      writeFileSync(file, JSON.stringify(me), { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = read(file);
    if (owner && runs(owner)) {
      throw new AlreadyRunning(
        `Madang already runs here (process ${owner.pid}, ${dataDir}). See it with: npm run status. Stop it with Ctrl-C there, or: kill ${owner.pid}`,
      );
    }
    rmSync(file, { force: true });
  }
  await endLeftovers(dataDir);
  return () => rmSync(file, { force: true });
}

async function endLeftovers(dataDir: string): Promise<void> {
  const left = () => readRecords(dataDir).filter((record) => record.pid !== process.pid && runs(record as ProcessIdentity));
  const deadline = Date.now() + 30_000;
  while (left().length > 0 && Date.now() < deadline) await delay(50);
  for (const { pid } of left()) process.kill(pid as number, 'SIGKILL');
  rmSync(path.join(dataDir, 'processes.json'), { force: true });
}

function read(file: string): ProcessIdentity | undefined {
  try {
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity) : undefined;
  } catch {
    return undefined;
  }
}
