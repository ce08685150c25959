import { describe, expect, it } from 'vitest';
import { copyOf, get, merging, put, rewrite } from './data.ts';

const merge = merging((typename) => typename !== 'Media');
const merged = (into: object, from: object) => {
  merge(into as Record<string, unknown>, from as Record<string, unknown>);
  return into;
};
const own = (json: string) => JSON.parse(json) as Record<string, unknown>;

describe('merging', () => {
  it('adds what is not there, at every depth and in lists of lists', () => {
    expect(merged({ a: { b: 1 }, l: [[{ x: 1 }], null] }, { a: { c: 2 }, l: [[{ y: 2 }], null], d: null })).toEqual({
      a: { b: 1, c: 2 },
      l: [[{ x: 1, y: 2 }], null],
      d: null,
    });
  });

  it('keeps an object beside null, whichever comes first', () => {
    expect(merged({ a: { b: 1 } }, { a: null })).toEqual({ a: { b: 1 } });
    expect(merged({ a: null }, { a: { b: 1 } })).toEqual({ a: { b: 1 } });
  });

  it('takes the name of an object type, never an interface for it', () => {
    expect(merged({ __typename: 'Media' }, { __typename: 'Book' })).toEqual({ __typename: 'Book' });
    expect(merged({ __typename: 'Book' }, { __typename: 'Media' })).toEqual({ __typename: 'Book' });
  });

  it('takes __proto__ and constructor for names like others', () => {
    const into = merged({}, own('{"__proto__":{"a":1},"constructor":2}')) as Record<string, unknown>;
    expect(JSON.stringify(into)).toBe('{"__proto__":{"a":1},"constructor":2}');
    expect(get({}, '__proto__')).toBeUndefined();
    expect(get({}, 'toString')).toBeUndefined();
    expect(({} as { a?: number }).a).toBeUndefined();
  });
});

describe('a copy', () => {
  it('shares nothing', () => {
    const original = own('{"a":[{"b":1}],"__proto__":{"c":[1]}}');
    const copy = copyOf(original);
    expect(JSON.stringify(copy)).toBe(JSON.stringify(original));
    put((original.a as Record<string, unknown>[])[0] as Record<string, unknown>, 'b', 2);
    expect(copy.a).toEqual([{ b: 1 }]);
  });
});

describe('a rewrite', () => {
  const matches = (condition: string, typename: string) => condition === typename;

  it.each([0, '', false, null])('renames a key whose value is %j', (value) => {
    const data = {
      items: [
        { __typename: 'A', x__alias_0: value },
        { __typename: 'B', x__alias_0: 1 },
      ],
    };
    rewrite(data, [{ kind: 'KeyRenamer', path: ['items', '... on A', 'x__alias_0'], renameKeyTo: 'x' }], matches);
    expect(data.items).toEqual([
      { __typename: 'A', x: value },
      { __typename: 'B', x__alias_0: 1 },
    ]);
  });
});
