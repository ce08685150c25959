import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../testing/ask.ts';
import { versionOf } from './edition.ts';
import { fileSource } from './file-source.ts';
import { type Following, follow } from './source.ts';

let folder: string;
let file: string;
let taken: string[];
let following: Following | undefined;
const lines: { msg: string }[] = [];
const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) });
const never = 1_000_000;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'madang-supergraph-'));
  file = path.join(folder, 'supergraph.graphql');
  writeFileSync(file, 'one');
  taken = [];
});
afterEach(() => {
  following?.close();
  lines.splice(0);
  rmSync(folder, { recursive: true, force: true });
});

function watchIt({ pollMs = never, settleMs = 30 } = {}): Following {
  const take = async ({ supergraphSdl }: { supergraphSdl: string }) => {
    taken.push(supergraphSdl);
    if (supergraphSdl.startsWith('bad')) throw new Error('refused');
  };
  following = follow({ source: fileSource(file, settleMs), take, inUse: versionOf('one'), pollMs, log });
  return following;
}
const took = (...texts: string[]) => until(() => JSON.stringify(taken) === JSON.stringify(texts), `taken: ${texts}, not ${taken}`);

test('a file that is written over is taken; the one in use is not taken again', async () => {
  watchIt();
  writeFileSync(file, 'one');
  writeFileSync(file, 'two');
  await took('two');
});

test('what an editor puts in its place is taken', async () => {
  watchIt();
  writeFileSync(`${file}.new`, 'two');
  renameSync(`${file}.new`, file);
  await took('two');
  unlinkSync(file);
  writeFileSync(`${file}.new`, 'three');
  renameSync(`${file}.new`, file);
  await took('two', 'three');
});

test('what a symbolic link comes to point to is taken', async () => {
  for (const name of ['a', 'b']) {
    mkdirSync(path.join(folder, name));
    writeFileSync(path.join(folder, name, 'supergraph.graphql'), name);
  }
  unlinkSync(file);
  symlinkSync('a', path.join(folder, 'data'));
  symlinkSync('data/supergraph.graphql', file);
  watchIt();
  await following?.look();
  symlinkSync('b', path.join(folder, 'data.new'));
  renameSync(path.join(folder, 'data.new'), path.join(folder, 'data'));
  await took('a', 'b');
});

test('half a file is not taken: it waits until nobody writes any more', async () => {
  watchIt({ settleMs: 100 });
  for (let size = 1; size <= 20; size++) {
    writeFileSync(file, 'x'.repeat(size));
    await nextTurn();
  }
  await took('x'.repeat(20));
});

test('a bad one is offered once, a good one after it is taken, and so is going back', async () => {
  watchIt();
  writeFileSync(file, 'bad');
  await took('bad');
  writeFileSync(file, 'bad');
  writeFileSync(file, 'two');
  await took('bad', 'two');
  writeFileSync(file, 'one');
  await took('bad', 'two', 'one');
});

test('a file that is away is no supergraph, and is found when it is back, though nothing tells of it', async () => {
  rmSync(folder, { recursive: true });
  watchIt({ pollMs: 10 });
  await until(() => lines.some(({ msg }) => msg === 'there is no supergraph; the supergraph in use stays'));
  mkdirSync(folder);
  writeFileSync(file, 'two');
  await took('two');
  expect(lines).toHaveLength(1);
});

test('a look is told why what is there is not taken, also a second time', async () => {
  const { look } = watchIt();
  writeFileSync(file, 'bad');
  await expect(look()).rejects.toThrow('refused');
  await expect(look()).rejects.toThrow('refused');
});
