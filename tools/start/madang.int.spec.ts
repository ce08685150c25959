import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { exists } from '../servers/processes.ts';
import { createMadang, type Madang, startMadang } from './madang.ts';
import { ask } from './ready.ts';
import { readRecords } from './records.ts';
import type { StartOptions } from './settings.ts';
import { makeToys, NO_SERVERS, type Toys } from './toys.ts';

/** How long a condition may take to come true on a busy machine. */
const SOON = { timeout: 20_000 };

let toys: Toys;
let running: Madang[] = [];

beforeAll(() => {
  toys = makeToys();
});
afterEach(async () => {
  for (const madang of running) await madang.stop();
  running = [];
});
afterAll(() => toys.remove());

const options = (more: StartOptions = {}): StartOptions => {
  const { env, ...others } = more;
  return { root: toys.root, port: 0, quiet: true, ...others, env: { ...NO_SERVERS, ...env } };
};
const start = async (more?: StartOptions) => {
  const madang = await startMadang(options(more));
  running.push(madang);
  return madang;
};
const address = (madang: Madang, name: string, page: string) =>
  new URL(page, madang.env[`${name.toUpperCase()}_URL`] ?? madang.url.replace('localhost', '127.0.0.1')).href;
const environmentOf = async (madang: Madang, name: string): Promise<Record<string, string>> =>
  (await fetch(address(madang, name, '/env'))).json() as never;
const crash = (madang: Madang, name: string) => ask(address(madang, name, '/crash'));
const pid = (madang: Madang, name: string) => madang.processes.get(name)?.pid as number;

describe('what is started', () => {
  test('all contexts share one process, the router has its own, and all know where all are', async () => {
    const madang = await start();
    expect([...madang.processes.keys()]).toEqual(['contexts', 'router']);
    const [alpha, beta, router] = await Promise.all(['alpha', 'beta', 'router'].map((name) => environmentOf(madang, name)));
    expect(alpha?.pid).toBe(beta?.pid);
    expect(router?.pid).not.toBe(alpha?.pid);
    expect(router).toMatchObject({ ...NO_SERVERS, SEED: 'demo', ALPHA_URL: `http://127.0.0.1:${alpha?.ALPHA_PORT}/graphql` });
  });

  test('a context that is named gets a process of its own', async () => {
    const madang = await start({ processes: ['beta'] });
    expect([...madang.processes.keys()]).toEqual(['contexts', 'beta', 'router']);
    expect((await environmentOf(madang, 'beta')).pid).toBe(pid(madang, 'beta'));
  });

  test('secrets that programs declare are made once and kept for the owner alone', async () => {
    const first = await start();
    const { INTERNAL_SECRET, ALPHA_SECRET } = first.env;
    expect(Buffer.from(INTERNAL_SECRET ?? '', 'base64url')).toHaveLength(32);
    expect(statSync(path.join(toys.dataDir, 'secrets')).mode & 0o777).toBe(0o600);
    await first.stop();
    expect((await start()).env).toMatchObject({ INTERNAL_SECRET, ALPHA_SECRET });
  });

  test('the processes are on record while they run', async () => {
    const madang = await start();
    const records = readRecords(toys.dataDir);
    expect(records.map(({ name, pid }) => [name, pid])).toEqual([
      ['supervisor', process.pid],
      ['contexts', pid(madang, 'contexts')],
      ['router', pid(madang, 'router')],
    ]);
    await madang.stop();
    expect(readRecords(toys.dataDir)).toEqual([]);
  });
});

describe('what goes wrong', () => {
  test('a second start on the same folder is refused', async () => {
    await start();
    await expect(startMadang(options())).rejects.toThrow(/already runs here .*npm run status/);
  });

  test('a program that cannot start stops everything and shows the end of its log', async () => {
    await expect(startMadang(options({ processes: true, env: { BETA_FAILS: 'no such wind' } }))).rejects.toThrow(
      /beta ended while starting[\s\S]*no such wind/,
    );
    await start();
  });

  test('in the host process the error names the context', async () => {
    await expect(startMadang(options({ env: { BETA_FAILS: 'no such wind' } }))).rejects.toThrow(
      /the context beta could not start[\s\S]*no such wind/,
    );
  });

  test('a program that crashes is started again on the same port', async () => {
    const madang = await start({ processes: ['alpha'] });
    const before = pid(madang, 'alpha');
    await crash(madang, 'alpha');
    await expect.poll(() => pid(madang, 'alpha'), SOON).not.toBe(before);
    await madang.ready('alpha');
    expect(Number((await environmentOf(madang, 'alpha')).pid)).toBe(pid(madang, 'alpha'));
    expect(readFileSync(madang.logOf('alpha'), 'utf8')).toContain('about to crash');
  });

  test('unless it is told not to be', async () => {
    const madang = await start({ processes: ['alpha'] });
    madang.autoRestart('alpha', false);
    await crash(madang, 'alpha');
    await expect.poll(() => madang.processes.get('alpha')?.state, SOON).toBe('down');
    await madang.restart('alpha');
    expect(madang.processes.get('alpha')?.state).toBe('ready');
  });

  test('a killed process stays down until it is restarted, with the same environment', async () => {
    const madang = await start({ processes: true });
    const before = await environmentOf(madang, 'beta');
    await madang.kill('beta', 'SIGKILL');
    expect(madang.processes.get('beta')).toMatchObject({ state: 'stopped', pid: undefined });
    expect(exists(Number(before.pid))).toBe(false);
    expect((await ask(address(madang, 'alpha', '/readyz'))).status).toBe(200);
    await madang.restart('beta');
    const { pid: _, ...after } = await environmentOf(madang, 'beta');
    expect(before).toMatchObject(after);
  });

  test('a process can be frozen and thawed', async () => {
    const madang = await start({ processes: ['alpha'] });
    await madang.kill('alpha', 'SIGSTOP');
    const answer = ask(address(madang, 'alpha', '/readyz'));
    await madang.kill('alpha', 'SIGCONT');
    expect((await answer).status).toBe(200);
  });

  test('a stop while it starts leaves nothing behind', async () => {
    const madang = createMadang(options({ processes: true, env: { ROUTER_WAITS: 'yes' } }));
    const started = madang.start();
    const failed = expect(started).rejects.toThrow();
    await expect.poll(() => madang.processes.get('router')?.pid, SOON).toBeTypeOf('number');
    const pids = [...madang.processes.values()].flatMap((process) => process.pid ?? []);
    await madang.stop();
    await failed;
    expect(pids.filter(exists)).toEqual([]);
  });
});

describe('with servers of its own', () => {
  const own = { env: { DATABASE_URL: undefined, NATS_URL: undefined } };
  const query = async (madang: Madang, sql: string) => {
    const client = new pg.Client({ connectionString: `${madang.env.DATABASE_URL}/postgres` });
    client.on('error', () => {});
    await client.connect();
    return client.query(sql).finally(() => client.end());
  };

  test('PostgreSQL and nats-server are killed and restarted like any process; data stays until a fresh start', async () => {
    const madang = await start(own);
    expect([...madang.processes.keys()]).toEqual(['postgres', 'nats', 'contexts', 'router']);
    await query(madang, 'CREATE TABLE kept (id int)');
    for (const name of ['postgres', 'nats']) {
      await madang.kill(name, 'SIGKILL');
      await madang.restart(name);
    }
    await query(madang, 'SELECT * FROM kept');
    await madang.stop();

    const later = await start(own);
    await query(later, 'SELECT * FROM kept');
    const before = pid(later, 'postgres');
    process.kill(before, 'SIGKILL');
    await expect.poll(() => pid(later, 'postgres'), SOON).not.toBe(before);
    await later.ready();
    await query(later, 'SELECT * FROM kept');
    await later.stop();

    const fresh = await start({ ...own, fresh: true });
    await expect(query(fresh, 'SELECT * FROM kept')).rejects.toThrow(/does not exist/);
  }, 60_000);
});
