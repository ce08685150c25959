import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exists } from '../servers/processes.ts';
import { readRecords } from './records.ts';
import { makeToys, NO_SERVERS, type Toys } from './toys.ts';

const MAIN = path.join(import.meta.dirname, 'main.ts');
const STATUS = path.join(import.meta.dirname, 'status.ts');

type Run = { child: ChildProcess; output(): string; ended: Promise<number | null> };
/** How long a condition may take to come true on a busy machine. */
const SOON = { timeout: 20_000 };

let toys: Toys;
let runs: Run[] = [];
let port: number;

beforeEach(async () => {
  toys = makeToys();
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  port = (free.address() as { port: number }).port;
  await new Promise((resolve) => free.close(resolve));
});
afterEach(async () => {
  for (const { child, ended } of runs) {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await ended;
  }
  runs = [];
  toys.remove();
});

function run(command: string[], env: Record<string, string | undefined> = {}): Run {
  const child = spawn(process.execPath, command, {
    env: { ...process.env, ...NO_SERVERS, PORT: String(port), npm_lifecycle_event: undefined, ...env },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const started = { child, output: () => text, ended: once(child, 'close').then(([code]) => code as number | null) };
  runs.push(started);
  return started;
}
const start = (env?: Record<string, string | undefined>, ...more: string[]) => run([MAIN, '--root', toys.root, ...more], env);
const ready = async (started: Run) => {
  await expect.poll(started.output, SOON).toContain('Madang is ready');
  return readRecords(toys.dataDir).flatMap(({ pid }) => pid ?? []);
};
const nothingIsLeft = (pids: number[]) => expect.poll(() => pids.filter(exists), SOON).toEqual([]);

test('prints where it is, who to be and what to ask', async () => {
  const started = start();
  await ready(started);
  expect(started.output()).toContain(`http://localhost:${port}/graphql`);
  expect(started.output()).toContain('customer@madang.example');
  const status = run([STATUS, toys.dataDir]);
  expect(await status.ended).toBe(0);
  expect(status.output()).toMatch(/contexts +\d+ +ready[\s\S]*router +\d+ +ready +http/);
});

test('started twice: the second says so and leaves the first alone', async () => {
  const first = start();
  const pids = await ready(first);
  const second = start();
  expect(await second.ended).toBe(1);
  expect(second.output()).toContain('Madang already runs here');
  expect(pids.every(exists)).toBe(true);
});

test('a taken port is told with what to do', async () => {
  const other = createServer().listen(port, '127.0.0.1');
  await once(other, 'listening');
  const started = start();
  expect(await started.ended).toBe(1);
  expect(started.output()).toContain(
    `port ${port} is taken by another program. Stop it, or start on another port: PORT=${port + 1} npm start`,
  );
  other.close();
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s stops everything',
  async (signal) => {
    const started = start({ DATABASE_URL: undefined, NATS_URL: undefined }, '--processes');
    const pids = await ready(started);
    expect(pids).toHaveLength(6);
    started.child.kill(signal);
    expect(await started.ended).toBe(0);
    expect(pids.filter(exists)).toEqual([]);
  },
  60_000,
);

test('a second Ctrl-C does not wait for a program that hangs', async () => {
  const started = start({ ALPHA_HANGS: 'yes' });
  const pids = await ready(started);
  started.child.kill('SIGINT');
  await expect.poll(started.output, SOON).toContain('stopping: router');
  // Signals within the same keystroke are one, so it is repeated until it counts as a second one.
  await expect
    .poll(() => {
      started.child.kill('SIGINT');
      return started.output();
    }, SOON)
    .toContain('stopping at once');
  expect(await started.ended).toBe(0);
  expect(pids.filter(exists)).toEqual([]);
});

test('a supervisor that is killed leaves nothing behind, and the next start works', async () => {
  const started = start({ DATABASE_URL: undefined, NATS_URL: undefined });
  const pids = await ready(started);
  started.child.kill('SIGKILL');
  await nothingIsLeft(pids);
  await ready(start());
}, 60_000);

test('when npm is killed, everything stops', async () => {
  const npm = run(
    ['-e', `require('node:child_process').spawn(process.execPath, ${JSON.stringify([MAIN, '--root', toys.root])}, { stdio: 'inherit' })`],
    { npm_lifecycle_event: 'start' },
  );
  const pids = await ready(npm);
  npm.child.kill('SIGKILL');
  await nothingIsLeft(pids);
});

test('a program that does not start: its log, everything stopped, exit code 1', async () => {
  const started = start({ BETA_FAILS: 'no such wind' });
  expect(await started.ended).toBe(1);
  expect(started.output()).toMatch(/could not start[\s\S]*no such wind/);
  expect(readRecords(toys.dataDir)).toEqual([]);
});

test('a crash is told on the console', async () => {
  const started = start();
  await ready(started);
  const contexts = readRecords(toys.dataDir).find(({ name }) => name === 'contexts')?.pid as number;
  process.kill(contexts, 'SIGKILL');
  await expect.poll(started.output, SOON).toMatch(/contexts ended \(SIGKILL\); starting it again in 0.25 s[\s\S]*contexts is back/);
});
