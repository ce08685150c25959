import type { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { interrupted, slowConsumer } from '../../errors.ts';
import { eachOf, Subscription } from './subscription.ts';

/** A subscription of at most three results that wait, and a reader that takes as many as it is allowed. */
function begin({ tellsPosition = false } = {}) {
  const told: unknown[] = [];
  const over: (string | undefined)[] = [];
  let handed = 0;
  let allowed = Number.POSITIVE_INFINITY;
  const subscription = new Subscription(
    'account 1',
    {
      ...{ subgraph: 'orders', queuedResults: 3, tooSlow: slowConsumer, handed: () => void handed++ },
      over: (_, code) => void over.push(code),
    },
    undefined,
    tellsPosition,
  );
  return {
    ...{ subscription, told, over, handed: () => handed },
    put: (...numbers: number[]) => {
      for (const n of numbers) subscription.put({ result: { data: { n } }, cursor: `c${n}` });
    },
    allow(count: number) {
      allowed = count;
      subscription.goOn();
    },
    read(count = Number.POSITIVE_INFINITY) {
      allowed = count;
      subscription.read({
        next({ data, extensions }) {
          told.push(data?.n ?? extensions?.position);
          return --allowed > 0;
        },
        ended: (why) => void told.push(why ? [why.extensions.code, why.extensions.resumeAfter] : 'complete'),
      });
    },
  };
}

describe('a subscription', () => {
  it('hands on what waits, and then at once, in order', () => {
    const { put, read, told } = begin();
    put(1, 2);
    read();
    put(3);
    expect(told).toEqual([1, 2, 3]);
  });

  it('keeps what its reader does not take, and ends after that', () => {
    const { subscription, put, read, allow, told, over } = begin();
    read(1);
    put(1, 2, 3);
    subscription.complete();
    expect([told, over]).toEqual([[1], [undefined]]);
    allow(1);
    expect(told).toEqual([1, 2]);
    allow(1);
    expect(told).toEqual([1, 2, 3]);
    allow(1);
    expect(told).toEqual([1, 2, 3, 'complete']);
  });

  it('is cut off with the cursor of the last result that was taken, when more wait than may', () => {
    const { put, read, allow, told, over } = begin();
    read(1);
    put(1, 2, 3, 4, 5, 6);
    expect([told, over]).toEqual([[1], ['SLOW_CONSUMER']]);
    allow(1);
    expect(told).toEqual([1, ['SLOW_CONSUMER', 'c1']]);
  });

  it('ends with an error after what waits, or at once', () => {
    const late = begin();
    late.put(1);
    late.subscription.fail(interrupted);
    late.read();
    expect(late.told).toEqual([1, ['SUBSCRIPTION_INTERRUPTED', 'c1']]);
    const now = begin();
    now.subscription.beginAfter('c0');
    now.put(1);
    now.subscription.fail(interrupted, true);
    now.read();
    expect(now.told).toEqual([['SUBSCRIPTION_INTERRUPTED', 'c0']]);
  });

  it('tells nothing to who has left, and counts once', () => {
    const { subscription, put, read, allow, told, over } = begin();
    read(1);
    put(1, 2);
    subscription.leave();
    allow(5);
    put(3);
    subscription.fail(interrupted);
    subscription.leave();
    expect([told, over]).toEqual([[1], [undefined]]);
  });

  it('knows a position that is behind all it was given, and tells it to who asked', () => {
    const [asking, other] = [begin({ tellsPosition: true }), begin()];
    for (const { subscription, put, read } of [asking, other]) {
      subscription.moved('p0');
      read(3);
      subscription.moved('p0');
      put(1);
      subscription.moved('p1');
      put(2, 3, 4);
      subscription.moved('p4');
      subscription.fail(slowConsumer, true);
    }
    asking.allow(1);
    other.allow(1);
    expect(asking.told).toEqual(['p0', 1, 'p1', ['SLOW_CONSUMER', 'p1']]);
    expect(other.told).toEqual([1, 2, 3, ['SLOW_CONSUMER', 'c3']]);
    expect([asking.handed(), other.handed()]).toEqual([1, 3]);
  });

  it('can be read one result after the other', async () => {
    const { subscription, put } = begin();
    const told: unknown[] = [];
    const end = eachOf(subscription, async ({ data }) => {
      await null;
      told.push(data?.n);
    });
    put(1, 2);
    subscription.fail(interrupted);
    const why: GraphQLError = await end.then(
      () => expect.unreachable(),
      (error) => error,
    );
    expect([told, why.extensions.resumeAfter]).toEqual([[1, 2], 'c2']);
    const left = begin();
    const reading = eachOf(left.subscription, () => new Promise(() => {}));
    left.put(1);
    left.subscription.leave();
    await reading;
  });
});
