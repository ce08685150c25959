import { expect, it } from 'vitest';
import { Recent } from './recent.ts';

it('keeps what was used last, however often the same', () => {
  const recent = new Recent<string, number>(2);
  recent.set('a', 1);
  recent.set('b', 2);
  expect([recent.get('b'), recent.get('a'), recent.get('a')]).toEqual([2, 1, 1]);
  recent.set('c', 3);
  expect([recent.get('a'), recent.get('b'), recent.get('c')]).toEqual([1, undefined, 3]);
  recent.delete('c');
  recent.set('d', 4);
  recent.set('c', 5);
  expect([recent.get('a'), recent.get('d'), recent.get('c')]).toEqual([undefined, 4, 5]);
});
