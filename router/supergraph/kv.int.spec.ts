import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Broker } from '@madang/kernel/nats';
import { eventually, type OwnServer, startOwnNats, testPrefix } from '@madang/kernel/testing';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { start } from '../main.ts';
import { ask } from '../testing/ask.ts';
import { clientOf, listen } from '../testing/listen.ts';
import { type Shop, shop } from '../testing/shop.ts';
import { standings } from './announce.ts';
import { type Bucket, openBucket, SomebodyElse } from './bucket.ts';
import { type Editions, versionOf } from './edition.ts';

const PATIENT = { withinMs: 30_000 };
const LONG = { timeout: 120_000 };

let world: Shop;
let nats: OwnServer;
let broker: Broker;
let folder: string;
let prefix: string;
let bucket: Bucket;
const running: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  [world, nats] = await Promise.all([shop(), startOwnNats()]);
  broker = await Broker.open({ url: nats.url, name: 'test', log: pino({ level: 'silent' }) });
});
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'madang-supergraph-'));
  prefix = testPrefix();
  bucket = await openBucket(broker, prefix, 'supergraph');
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.close()));
  rmSync(folder, { recursive: true, force: true });
});
afterAll(async () => {
  await broker?.close();
  await nats?.remove();
  await world?.close();
});

const renamed = (to: string) => world.supergraph({ customers: world.sdl.customers.replace('name: String', `${to}: String`) });

/** A router as its program starts, that goes by the bucket. */
async function router(settings: Record<string, string> = {}) {
  const addresses = Object.entries(world.subgraphs).map(([name, url]) => [`${name.toUpperCase()}_URL`, url]);
  writeFileSync(path.join(folder, 'image.graphql'), world.supergraph());
  const started = await start({
    ...Object.fromEntries(addresses),
    ...{ PORT: '0', LOG_LEVEL: 'silent', JWKS_URL: world.keys.jwksUrl, INTERNAL_SECRET: 'a secret for tests, long enough: 32' },
    ...{ NATS_URL: nats.url, NATS_PREFIX: prefix, ROUTER_SUPERGRAPH: 'kv', ROUTER_DRAIN_MS: '50' },
    ...{ ROUTER_SUPERGRAPH_FILE: path.join(folder, 'image.graphql'), ROUTER_SUPERGRAPH_KEPT: path.join(folder, 'kept.graphql') },
    ...settings,
  });
  running.push(started);
  const supergraph = async (): Promise<Editions> => {
    const ready = (await (await fetch(new URL('/readyz', started.url))).json()) as { supergraph: Editions };
    return ready.supergraph;
  };
  return {
    ...started,
    supergraph,
    worksWith: (expected: object) => eventually(async () => expect(await supergraph()).toMatchObject(expected)),
  };
}

test('what is published is taken without an interruption; a bad one is refused; going back is another revision', LONG, async () => {
  const first = await router();
  expect(await first.supergraph()).toMatchObject({ source: 'file', version: versionOf(world.supergraph()) });
  const client = clientOf(first.url);
  const [kept, ended] = ['book { title }', 'customer { name }'].map((what) =>
    listen(client, { query: `subscription { orderChanged { order { ${what} } } }` }),
  );
  await eventually(() => world.events.listeners === 2, PATIENT);

  const revision = await bucket.publish(renamed('fullName'), 0);
  await first.worksWith({ source: 'kv', revision, version: versionOf(renamed('fullName')) });
  expect((await ask(first.url, '{ customer { name } }')).errors[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  expect(await ended?.ended()).toMatchObject({ errors: [{ extensions: { code: 'SCHEMA_CHANGED' } }] });
  world.events.publish({ orderId: '1', status: 'S', cursor: 'c' });
  await kept?.got(1);
  await client.dispose();

  const bad = await bucket.publish('type Query { a: Int }', revision);
  await first.worksWith({ version: versionOf(renamed('fullName')), refused: { revision: bad, source: 'kv' } });
  expect(await standings(broker, 200).then((all) => all.filter(({ refused }) => refused?.revision === bad))).toEqual([]);
  const own = await Broker.open({ url: nats.url, prefix, name: 'test', log: pino({ level: 'silent' }) });
  expect(await standings(own, 300)).toMatchObject([{ follows: 'kv', revision, refused: { revision: bad } }]);
  await own.close();

  const back = await bucket.publish(renamed('fullName'), bad);
  await first.worksWith({ revision: back });
  expect(await first.supergraph()).not.toHaveProperty('refused');
  await expect(bucket.publish(renamed('other'), revision)).rejects.toThrow(SomebodyElse);
  expect((await bucket.history()).map((published) => published.revision)).toEqual([revision, bad, back]);
});

test('what is published while the broker is restarted, or was away, is noticed; the router serves all the time', LONG, async () => {
  const [listening, polling] = await Promise.all([router(), router({ ROUTER_SUPERGRAPH_POLL_MS: '200' })]);
  const first = await bucket.publish(renamed('first'), 0);
  for (const one of [listening, polling]) await one.worksWith({ revision: first });
  await nats.kill();
  expect((await ask(listening.url, '{ orders { id } }')).status).toBe(200);
  await nats.start();
  const second = await eventually(() => bucket.publish(renamed('second'), first), PATIENT);
  for (const one of [listening, polling]) await one.worksWith({ revision: second });
});

test('without the broker it starts with the last good one, and goes along once the broker is there', LONG, async () => {
  const revision = await bucket.publish(renamed('kept'), 0);
  const before = await router();
  await before.worksWith({ source: 'kv', revision });
  await eventually(() => readFileSync(path.join(folder, 'kept.graphql'), 'utf8') === renamed('kept'));
  await before.close();
  await bucket.publish('no supergraph', revision);
  const refusing = await router();
  expect(await refusing.supergraph()).toMatchObject({ source: 'kept', version: versionOf(renamed('kept')) });
  await refusing.worksWith({ refused: { problems: [expect.stringContaining('Syntax Error')] } });

  await nats.stop();
  const short = { ROUTER_SUPERGRAPH_WAIT_MS: '1' };
  const [kept, image] = await Promise.all([router(short), router({ ...short, ROUTER_SUPERGRAPH_KEPT: '' })]);
  expect(await kept.supergraph()).toMatchObject({ source: 'kept', version: versionOf(renamed('kept')) });
  expect(await image.supergraph()).toMatchObject({ source: 'file', version: versionOf(world.supergraph()) });
  await nats.start();
  const next = await eventually(async () => bucket.publish(renamed('next'), (await bucket.history()).at(-1)?.revision ?? 0), PATIENT);
  for (const one of [refusing, kept, image]) await one.worksWith({ source: 'kv', revision: next });
});

test('a file that changes is taken, and SIGHUP is answered by a look', async () => {
  const one = await router({ ROUTER_SUPERGRAPH: 'file', ROUTER_SUPERGRAPH_SETTLE_MS: '20' });
  writeFileSync(path.join(folder, 'image.graphql'), renamed('changed'));
  await one.worksWith({ source: 'file', version: versionOf(renamed('changed')) });
  writeFileSync(path.join(folder, 'image.graphql'), 'nonsense');
  await expect(one.reload()).rejects.toThrow('Syntax Error');
});

test('it does not start by a bucket without a server', async () => {
  await expect(router({ NATS_URL: '' })).rejects.toThrow('ROUTER_SUPERGRAPH=kv needs NATS_URL');
});
