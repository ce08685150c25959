import { expect, test } from 'vitest';
import { BoundedCache } from './bounded-cache.ts';

test('what was used least recently is forgotten first', () => {
  const cache = new BoundedCache<number>(2);
  cache.set('a', 1, 100);
  cache.set('b', 2, 100);
  cache.get('a', 0);
  cache.set('c', 3, 100);
  expect([cache.get('a', 0), cache.get('b', 0), cache.get('c', 0), cache.size]).toEqual([1, undefined, 3, 2]);
});

test('an entry is gone at its expiry', () => {
  const cache = new BoundedCache<number>(2);
  cache.set('a', 1, 100);
  expect(cache.get('a', 99)).toBe(1);
  expect(cache.get('a', 100)).toBeUndefined();
  expect(cache.size).toBe(0);
});
