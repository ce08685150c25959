import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { identify } from '../servers/processes.ts';

/** `starting` → `ready`; `down`: it ended, by itself or killed; `stopped`: we ended it. */
export type State = 'starting' | 'ready' | 'down' | 'stopped';

/** One line of `<dataDir>/processes.json`. */
export type ProcessRecord = {
  name: string;
  state: State;
  pid?: number | undefined;
  startedAt?: string | undefined;
  port?: number | undefined;
  url: string;
};

/** Replaces the file in one step, so that a reader never sees half of it. */
export function writeRecords(dataDir: string, records: ProcessRecord[]): void {
  const file = path.join(dataDir, 'processes.json');
  const complete = records.map((record) => ({
    ...record,
    startedAt: record.pid === undefined ? undefined : identify(record.pid)?.startedAt,
  }));
  writeFileSync(`${file}.new`, `${JSON.stringify(complete, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}

/** The processes of the start that owns the folder; none when there is no file. */
export function readRecords(dataDir: string): ProcessRecord[] {
  const file = path.join(dataDir, 'processes.json');
  if (!existsSync(file)) return [];
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessRecord[];
  } catch {
    return [];
  }
}
