import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startNats } from './nats.ts';
import { ensureDatabase, startPostgres } from './postgres.ts';
import { identify } from './processes.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary.ts';

let folder: TemporaryFolder;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

/** Starts a server in a process that is then killed. */
async function leaveBehind(module: string, start: string, dataDir: string): Promise<number> {
  const url = new URL(module, import.meta.url).href;
  const program = `const { ${start} } = await import('${url}'); console.log((await ${start}({ dataDir: ${JSON.stringify(dataDir)}, port: 0, fsync: false })).pid); setInterval(() => {}, 1000)`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [pid] = (await once(owner.stdout, 'data')) as [Buffer];
  owner.kill('SIGKILL');
  await once(owner, 'exit');
  return Number(pid.toString());
}

describe.each([
  ['PostgreSQL', './postgres.ts', 'startPostgres', startPostgres],
  ['nats-server', './nats.ts', 'startNats', startNats],
] as const)('%s', (_name, module, exported, start) => {
  test('that a killed owner left behind is stopped before the next one starts', async () => {
    const dataDir = path.join(folder.path, 'data');
    const left = await leaveBehind(module, exported, dataDir);
    expect(identify(left)).toBeDefined();
    const next = await start({ dataDir, port: 0, fsync: false });
    expect(identify(left)).toBeUndefined();
    await next.stop();
    expect(identify(next.pid)).toBeUndefined();
  });

  test('whose owner lives is not taken away from it', async () => {
    const dataDir = path.join(folder.path, 'data');
    const server = await start({ dataDir, port: 0, fsync: false });
    await expect(start({ dataDir, port: 0, fsync: false })).rejects.toThrow(`in use by process ${process.pid}`);
    await server.stop();
  });
});

describe('PostgreSQL', () => {
  test('starts although its stale lock file has the number of another living process', async () => {
    const dataDir = path.join(folder.path, 'data');
    const first = await startPostgres({ dataDir, port: 0, fsync: false });
    const lock = readFileSync(path.join(dataDir, 'postmaster.pid'), 'utf8');
    await first.stop();
    writeFileSync(path.join(dataDir, 'postmaster.pid'), lock.replace(String(first.pid), String(process.pid)));
    await (await startPostgres({ dataDir, port: 0, fsync: false })).stop();
  });

  test('asks for the password that is in the url', async () => {
    const server = await startPostgres({ dataDir: path.join(folder.path, 'data'), port: 0, fsync: false });
    const database = await ensureDatabase(server.url, 'some');
    expect(await ensureDatabase(server.url, 'some')).toBe(database);
    const other = new URL(database);
    other.password = 'guessed';
    const client = new pg.Client({ connectionString: other.href });
    await expect(client.connect()).rejects.toMatchObject({ code: '28P01' });
    await server.stop();
  });
});
