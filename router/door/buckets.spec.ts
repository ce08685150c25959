import { expect, it } from 'vitest';
import { Buckets } from './buckets.ts';

const clocked = (options: { rate: number; burst: number; keys?: number }) => {
  const clock = { at: 0 };
  return { clock, buckets: new Buckets({ keys: 10, ...options, now: () => clock.at }) };
};

it('gives a burst at once, then as many as come back', () => {
  const { clock, buckets } = clocked({ rate: 2, burst: 3 });
  expect([1, 2, 3, 4].map(() => buckets.take('a'))).toEqual([0, 0, 0, 500]);
  clock.at = 499;
  expect(buckets.take('a')).toBeCloseTo(1);
  clock.at = 500;
  expect([buckets.take('a'), buckets.take('a')]).toEqual([0, 500]);
  expect(buckets.take('b')).toBe(0);
  clock.at = 60_000;
  expect([1, 2, 3, 4].map(() => buckets.take('a'))).toEqual([0, 0, 0, 500]);
});

it('owes what others gave, and gives again once it has come back', () => {
  const { clock, buckets } = clocked({ rate: 1, burst: 2 });
  buckets.taken('a', 5);
  expect(buckets.take('a')).toBe(4_000);
  clock.at = 4_000;
  expect([buckets.take('a'), buckets.take('a')]).toEqual([0, 1_000]);
});

it('remembers so many keys and no more', () => {
  const { buckets } = clocked({ rate: 1, burst: 1, keys: 2 });
  for (const key of ['a', 'b', 'a', 'c']) buckets.take(key);
  expect([buckets.take('a'), buckets.take('c')]).toEqual([1_000, 1_000]);
  expect(buckets.take('b')).toBe(0);
});
