import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OwnServer, startOwnNats, testPrefix } from '../testing/index.ts';
import { numbers, range, ToyStream, take, toys } from './toy/stream.ts';

let broker: OwnServer;
let stream: ToyStream;

beforeAll(async () => {
  broker = await startOwnNats();
  stream = await ToyStream.make(broker.url, testPrefix());
});
afterAll(async () => {
  await stream.connection.close();
  await broker.remove();
});

test('subscribers notice nothing of a broker that is killed and comes back, twice', async () => {
  const source = stream.source({ startTimeoutMs: 1_000 });
  const live = await source.open(toys());
  await stream.tell(0);
  const [{ cursor = '' } = {}] = await take(live, 1);
  for (const round of [0, 1]) {
    await stream.tellAll(round * 100 + 1, round * 100 + 50);
    expect(numbers(await take(live, 50))).toEqual(range(round * 100 + 1, round * 100 + 50));
    const waiting = take(live, 50);
    await broker.kill();
    await expect(source.open(toys(cursor)).catch((error: { code: string }) => error.code)).resolves.toBe('TRY_AGAIN_LATER');
    await broker.start();
    await stream.reachable();
    await stream.tellAll(round * 100 + 51, round * 100 + 100);
    expect(numbers(await waiting)).toEqual(range(round * 100 + 51, round * 100 + 100));
  }
  expect(numbers(await take(await source.open(toys(cursor)), 200))).toEqual(range(1, 200));
  await source.close();
});

test('what happened while only the subscriber was cut off is delivered when it is back', async () => {
  const publisher = await ToyStream.make(broker.url, testPrefix());
  const { connection } = await ToyStream.make(broker.url, testPrefix());
  const source = publisher.source({ connection });
  const live = await source.open(toys());
  const waiting = take(live, 100);
  const publishing = publisher.tellAll(1, 100);
  await connection.reconnect();
  await publishing;
  expect(numbers(await waiting)).toEqual(range(1, 100));
  await source.close();
  await connection.close();
  await publisher.close();
});

test('a reader of the past reads on after a broker was killed', async () => {
  const source = stream.source();
  const live = await source.open(toys());
  await stream.tell(1_000);
  const [{ cursor = '' } = {}] = await take(live, 1);
  await live.return?.();
  await stream.tellAll(1_001, 2_000);
  const past = await source.open(toys(cursor));
  const heard = await take(past, 100);
  await broker.kill();
  await broker.start();
  heard.push(...(await take(past, 900)));
  expect(numbers(heard)).toEqual(range(1_001, 2_000));
  await source.close();
});
