import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeToys, NO_SERVERS, type Toys } from '../start/toys.ts';
import { createDev, type Dev } from './dev.ts';

/** How long a condition may take to come true on a busy machine. */
const SOON = { timeout: 20_000 };

let toys: Toys;
let dev: Dev;
const lines: string[] = [];
const file = (name: string) => path.join(toys.root, 'subgraphs', name, 'main.ts');
const pid = (name: string) => dev.madang.processes.get(name)?.pid;

beforeEach(async () => {
  toys = makeToys();
  lines.length = 0;
  dev = createDev({ root: toys.root, port: 0, quiet: true, env: NO_SERVERS, log: (line) => lines.push(line) });
  await dev.start();
});
afterEach(async () => {
  await dev.stop();
  toys.remove();
});

test('a change restarts the context that changed, and nothing else', async () => {
  const [alpha, beta, router] = ['alpha', 'beta', 'router'].map(pid);
  appendFileSync(file('alpha'), '\n// changed');
  await expect.poll(() => lines.join('\n'), SOON).toContain('alpha: ready again');
  expect(pid('alpha')).not.toBe(alpha);
  expect([pid('beta'), pid('router')]).toEqual([beta, router]);
});

test('a mistake is told, and its correction brings the context back', async () => {
  const good = readFileSync(file('beta'), 'utf8');
  writeFileSync(file('beta'), 'this is no TypeScript');
  await expect.poll(() => lines.join('\n'), SOON).toMatch(/beta ended while starting[\s\S]*SyntaxError[\s\S]*next change/);
  writeFileSync(file('beta'), good);
  await expect.poll(() => lines.join('\n'), SOON).toContain('beta: ready again');
});
