import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { Broker } from '@madang/kernel/nats';
import { testPrefix, testServers } from '@madang/kernel/testing';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readSupergraph } from '../../router/config.ts';
import { announce } from '../../router/supergraph/announce.ts';
import { type Bucket, openBucket } from '../../router/supergraph/bucket.ts';
import { type Editions, versionOf } from '../../router/supergraph/edition.ts';
import { composed } from '../../router/testing/in-process.ts';
import { root } from '../workspace.ts';
import { earlier, type PublishOptions, publish, status } from './publish.ts';

const log = pino({ level: 'silent' });
const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';
const BOOKS = `${LINK} type Query { books: [Book!]! } type Book @key(fields: "id") { id: ID! title: String }`;
const ONE = composed({ books: BOOKS }).supergraphSdl;
const TWO = composed({
  books: BOOKS.replace(' title: String', ''),
  people: `${LINK} type Query { me: Person } type Person @key(fields: "id") { id: ID! }`,
}).supergraphSdl;

let prefix: string;
let broker: Broker;
let bucket: Bucket;
let folder: string;
const said: string[] = [];
const ending: (() => void)[] = [];

beforeEach(async () => {
  prefix = testPrefix();
  broker = await Broker.open({ url: testServers().natsUrl, prefix, name: 'test', log });
  bucket = await openBucket(broker, prefix, 'supergraph');
  folder = mkdtempSync(path.join(tmpdir(), 'madang-publish-'));
});
afterEach(async () => {
  for (const end of ending.splice(0)) end();
  said.splice(0);
  await broker.close();
  rmSync(folder, { recursive: true, force: true });
});

const put = (supergraphSdl: string, options: Partial<PublishOptions> = {}) =>
  publish(supergraphSdl, {
    ...{ broker, bucket, operations: [], dryRun: false, force: false, waitMs: 0, say: (line) => void said.push(line) },
    ...options,
  });
const published = async () => versionOf((await bucket.current())?.supergraphSdl ?? '');

/** A router that says this of itself. */
async function saying(current: () => Editions): Promise<void> {
  ending.push(announce({ broker: Promise.resolve(broker), url: 'http://127.0.0.1:4000/graphql', follows: 'kv', current, log }));
  await broker.connection.flush();
}
const using = (supergraphSdl: string): Editions => ({
  version: versionOf(supergraphSdl),
  source: 'kv',
  loadedAt: '2026-11-28T00:00:00.000Z',
});

test('it is compared with the one in the bucket, put there, and can be taken back', async () => {
  await put(ONE);
  expect(said).toEqual([
    `Version ${versionOf(ONE)}`,
    'It is the first one in the bucket.',
    expect.stringContaining('Published as revision 1'),
  ]);
  said.splice(0);
  await put(TWO);
  expect(said.slice(2)).toEqual([
    '  a new subgraph: people; a router without PEOPLE_URL refuses it',
    '  breaking for clients: Book.title was removed.',
    expect.stringContaining('Published as revision 2'),
  ]);
  await put((await earlier(bucket, versionOf(ONE).slice(0, 6))).supergraphSdl);
  expect([await published(), (await bucket.history()).length]).toEqual([versionOf(ONE), 3]);
  await expect(earlier(bucket, '9')).rejects.toThrow('has no revision or version 9');
  said.splice(0);
  await put(ONE);
  expect(said).toContain('It is published already, as revision 3.');
});

test('what no router would take is not put there; nor, without force, what known operations are not valid in', async () => {
  await expect(put('type Query { a: Int }')).rejects.toThrow();
  const operations = [{ name: 'Titles', file: 'titles.graphql', text: 'query Titles { books { title } }' }];
  await expect(put(TWO, { operations })).rejects.toThrow('the operation Titles (schema/operations/titles.graphql) is not valid any more');
  await put(TWO, { dryRun: true });
  expect(await bucket.current()).toBeUndefined();
  await put(TWO, { operations, force: true });
  expect(await published()).toBe(versionOf(TWO));
});

test('of two who publish at once, one is told', async () => {
  await put(ONE);
  const late: Bucket = {
    ...bucket,
    async current() {
      const current = await bucket.current();
      await bucket.publish(TWO, 1);
      return current;
    },
  };
  await expect(put(ONE.replace('enum link__Purpose', '# another\nenum link__Purpose'), { bucket: late })).rejects.toThrow(
    'somebody else has published meanwhile',
  );
});

test('it waits for the routers, and tells which has refused it', async () => {
  let asked = 0;
  await saying(() => (asked++ === 0 ? using(ONE) : using(TWO)));
  await put(TWO, { waitMs: 30_000 });
  expect(said.at(-1)).toBe('1 router(s) work with it.');
  ending.splice(0)[0]?.();
  await saying(() => ({ ...using(TWO), refused: { ...using(ONE), refusedAt: 'now', problems: ['books has no address'] } }));
  await expect(put(ONE, { waitMs: 30_000 })).rejects.toThrow('books has no address');
  said.splice(0);
  await status({ broker, bucket, say: (line) => void said.push(line) });
  expect(said).toEqual([
    expect.stringMatching(/^revision +1 /),
    expect.stringMatching(/^revision +2 .*is to be used$/),
    expect.stringContaining('has refused'),
  ]);
});

async function run(...args: string[]) {
  const env = { ...process.env, NATS_URL: testServers().natsUrl, NATS_PREFIX: prefix };
  const child = spawn(process.execPath, [path.join(root, 'tools/supergraph/main.ts'), ...args], { env });
  const [out, errors, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((ended) => child.once('close', ended)),
  ]);
  return { out, errors, code };
}

test('the command publishes our own supergraph, or says what is wrong and exits with 1', { timeout: 90_000 }, async () => {
  const file = path.join(folder, 'bad.graphql');
  writeFileSync(file, 'type Query {');
  const [own, bad] = await Promise.all([run('--wait'), run('--file', file)]);
  expect(own).toMatchObject({ code: 0, errors: '', out: expect.stringContaining('No router that goes by the bucket answers.') });
  expect(await published()).toBe(versionOf(readSupergraph()));
  expect(bad).toMatchObject({ code: 1, errors: expect.stringContaining('1:13 Syntax Error') });
});
