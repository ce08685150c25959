import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Refused } from '../domain/index.ts';
import { eventually, testPrefix, testServers } from '../testing/index.ts';
import { cursorOf, positionFrom } from './position.ts';
import type { SubscriptionSource } from './subscription-source.ts';
import { numbers, range, ToyStream, take, toys } from './toy/stream.ts';

let stream: ToyStream;
let source: SubscriptionSource;

beforeAll(async () => {
  stream = await ToyStream.make(testServers().natsUrl, testPrefix());
});
beforeEach(async () => {
  await source?.close();
  await stream.destroy();
  await stream.create();
  source = stream.source();
});
afterAll(() => stream.close());

test('what is published from the moment of subscribing is delivered, and nothing from before', async () => {
  await stream.tellAll(1, 3);
  for (let round = 0; round < 20; round++) {
    const events = await source.open(toys());
    await stream.tell(10 + round);
    expect(numbers(await take(events, 1))).toEqual([10 + round]);
    await events.return?.();
  }
});

test('each subscriber gets the events that it may see, of the types that it asked for', async () => {
  const mine = await source.open(toys(undefined, ({ to }) => to === 'me'));
  const all = await source.open(toys());
  await stream.tell(1, { to: 'you' });
  await stream.tell(2, { to: 'me' });
  await stream.tell(3, { to: 'me', name: 'ToyBroken' });
  await stream.tell(4, { name: 'Noise' });
  await stream.tell(5, { to: 'me' });
  expect(numbers(await take(mine, 2))).toEqual([2, 5]);
  expect(numbers(await take(all, 3))).toEqual([1, 2, 5]);
});

test('one consumer serves all subscribers, and is gone some time after the last', async () => {
  const brief = stream.source({ lingerMs: 50 });
  const [one, two] = await Promise.all([brief.open(toys()), brief.open(toys())]);
  expect(await stream.consumers()).toBe(1);
  await one.return?.();
  await stream.tell(1);
  expect(numbers(await take(two, 1))).toEqual([1]);
  await two.return?.();
  await eventually(async () => (await stream.consumers()) === 0);
  const again = await brief.open(toys());
  await stream.tell(2);
  expect(numbers(await take(again, 1))).toEqual([2]);
  await brief.close();
});

test('a reader that waits is released when it leaves', async () => {
  const events = await source.open(toys());
  const waiting = events.next();
  await events.return?.();
  expect(await waiting).toEqual({ value: undefined, done: true });
});

test('after a cursor: exactly what came after it, then what comes, in order', async () => {
  const live = await source.open(toys());
  const [seen] = await Promise.all([take(live, 500), stream.tellAll(1, 500)]);
  await live.return?.();
  const publishing = stream.tellAll(501, 2_000);
  const events = await source.open(toys(seen[199]?.cursor));
  expect(numbers(await take(events, 1_800))).toEqual(range(201, 2_000));
  await publishing;
  await stream.tell(2_001);
  expect(numbers(await take(events, 1))).toEqual([2_001]);
});

test('many subscribers that resume while events are published each get every event once, in order', async () => {
  const first = await source.open(toys());
  await stream.tell(0);
  const [{ cursor = '' } = {}] = await take(first, 1);
  await first.return?.();
  let published = 0;
  const publishing = (async () => {
    while (published < 600) await stream.tell(++published);
  })();
  const resumed = await Promise.all(
    range(1, 20).map(async (at) => {
      await eventually(() => published >= at * 25, { everyMs: 1 });
      return take(await source.open(toys(cursor)), 600);
    }),
  );
  await publishing;
  for (const heard of resumed) expect(numbers(heard)).toEqual(range(1, 600));
});

test('after the last event there is nothing to replay, and no consumer more', async () => {
  const live = await source.open(toys());
  await stream.tellAll(1, 3);
  const [, , last] = await take(live, 3);
  const events = await source.open(toys(last?.cursor));
  expect(await stream.consumers()).toBe(1);
  await stream.tell(4);
  expect(numbers(await take(events, 1))).toEqual([4]);
});

test.each(['nonsense', Buffer.from('["OTHER","x",1,1,""]').toString('base64url')])('the broken cursor %j is refused', async (after) => {
  await expect(source.open(toys(after))).rejects.toMatchObject({ code: 'BAD_INPUT', details: { field: 'after' } });
});

test('who reads too slowly is cut off and told where to go on', async () => {
  const narrow = stream.source({ queueSize: 10, metrics: new Registry() });
  const slow = await narrow.open(toys());
  const quick = await narrow.open(toys());
  await stream.tell(1);
  const [first] = await take(slow, 1);
  for (const n of range(2, 12)) {
    await stream.tell(n);
    await take(quick, 1);
  }
  const error = await slow.next().catch((refused: Refused) => refused);
  expect(error).toBeInstanceOf(Refused);
  expect(error).toMatchObject({ code: 'SLOW_CONSUMER', details: { resumeAfter: first?.cursor } });
  expect(await slow.next()).toMatchObject({ done: true });
  const again = await narrow.open(toys((error as Refused).details.resumeAfter as string));
  expect(numbers(await take(again, 11))).toEqual(range(2, 12));
  await narrow.close();
});

test('a slow reader of the past is not cut off: it reads at its own pace', async () => {
  const narrow = stream.source({ queueSize: 10 });
  const live = await narrow.open(toys());
  await stream.tell(0);
  const [{ cursor = '' } = {}] = await take(live, 1);
  await live.return?.();
  await stream.tellAll(1, 1_000);
  const past = await narrow.open(toys(cursor));
  const heard = await take(past, 1);
  await stream.tellAll(1_001, 1_200);
  heard.push(...(await take(past, 1_100)));
  expect(heard).toHaveLength(1_101);
  await narrow.close();
});

test('closing ends every subscription with the place to go on, also where nothing has come yet', async () => {
  const fresh = await source.open(toys());
  const waiting = fresh.next().catch((refused: Refused) => refused);
  await source.close();
  const error = await waiting;
  expect(error).toMatchObject({ code: 'GOING_AWAY' });
  await stream.tell(1);
  source = stream.source();
  const again = await source.open(toys((error as Refused).details.resumeAfter as string));
  expect(numbers(await take(again, 1))).toEqual([1]);
  await source.close();
  await expect(source.open(toys())).rejects.toMatchObject({ code: 'GOING_AWAY' });
});

test('what a subscriber asks wrongly ends its own subscription only', async () => {
  const other = await source.open(toys());
  const wrong = await source.open(
    toys(undefined, () => {
      throw new TypeError('no such field');
    }),
  );
  await stream.tell(1);
  await expect(wrong.next()).rejects.toThrow('no such field');
  expect(numbers(await take(other, 1))).toEqual([1]);
});

test('a stream that was made anew is resumed by time, live and from a cursor', async () => {
  const began = Date.now() - 10_000;
  const at = (n: number) => ({ time: new Date(began + n), id: `id-${n}` });
  const live = await source.open(toys());
  for (const n of range(1, 5)) await stream.tell(n, at(n));
  const heard = await take(live, 3);
  await stream.destroy();
  await stream.create();
  for (const n of range(2, 6)) await stream.tell(n, at(n));
  const rest = await take(await source.open(toys(heard[2]?.cursor)), 3);
  expect(numbers(rest)).toEqual([4, 5, 6]);
  expect(numbers(await take(live, 3))).toEqual([4, 5, 6]);
});

test('a cursor beyond the end of the stream is resumed by time', async () => {
  const live = await source.open(toys());
  await stream.tell(1, { time: new Date(1_000) });
  const [{ cursor = '' } = {}] = await take(live, 1);
  const beyond = cursorOf(stream.name, { ...positionFrom(stream.name, cursor), sequence: 1_000 });
  const events = await source.open(toys(beyond));
  await stream.tell(2, { time: new Date(2_000) });
  expect(numbers(await take(events, 1))).toEqual([2]);
});

test('a cursor whose event is no longer at its place is resumed by time', async () => {
  const live = await source.open(toys());
  for (const n of range(1, 3)) await stream.tell(n, { time: new Date(n * 1_000) });
  const [, { cursor = '' } = {}] = await take(live, 3);
  const moved = cursorOf(stream.name, { ...positionFrom(stream.name, cursor), sequence: 3 });
  expect(numbers(await take(await source.open(toys(moved)), 1))).toEqual([3]);
});

test('without a stream subscribing is refused, and possible as soon as it is there', async () => {
  await stream.destroy();
  const impatient = stream.source({ startTimeoutMs: 200 });
  await expect(impatient.open(toys())).rejects.toMatchObject({ code: 'TRY_AGAIN_LATER', details: { retryAfterSeconds: 2 } });
  await stream.create();
  const events = await eventually(() => impatient.open(toys()));
  await stream.tell(1);
  expect(numbers(await take(events, 1))).toEqual([1]);
  await impatient.close();
});
