import { expect, it } from 'vitest';
import { joining } from './joining.ts';

it('does once what is asked for while it is being done, and again afterwards', async () => {
  const joined = joining<number>();
  let done = 0;
  const work = async () => ++done;
  expect(await Promise.all([joined('a', work), joined('a', work), joined('b', work)])).toEqual([1, 1, 2]);
  expect(await joined('a', work)).toBe(3);
});

it('hands a failure to all of them, and forgets it', async () => {
  const joined = joining<number>();
  const failing = async () => Promise.reject(new Error('out'));
  const outcomes = await Promise.allSettled([joined('a', failing), joined('a', failing)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await joined('a', async () => 1)).toBe(1);
});
