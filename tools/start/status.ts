import path from 'node:path';
import { type ProcessIdentity, runs } from '../servers/processes.ts';
import { ask, readyUrl } from './ready.ts';
import { readRecords } from './records.ts';
import { REPOSITORY } from './settings.ts';

const records = readRecords(process.argv[2] ?? path.join(REPOSITORY, '.madang'));
const running = records.filter((record) => record.pid !== undefined && runs(record as ProcessIdentity));

if (running.length === 0) {
  console.log('Madang does not run here. Start it with: npm start');
  process.exitCode = 1;
}
for (const record of running.length > 0 ? records : []) {
  const { name, url, pid } = record;
  const lives = running.includes(record);
  const state = lives && url.startsWith('http') && name !== 'supervisor' ? await readiness(url) : lives ? record.state : 'down';
  if (!lives && name !== 'supervisor') process.exitCode = 1;
  console.log(`${name.padEnd(18)} ${(pid === undefined || !lives ? '-' : String(pid)).padStart(8)}  ${state.padEnd(10)} ${url}`.trimEnd());
}

async function readiness(url: string): Promise<string> {
  const { status, text } = await ask(readyUrl(url));
  if (status !== 200) process.exitCode = 1;
  return status === 200 ? 'ready' : `not ready: ${text}`;
}
