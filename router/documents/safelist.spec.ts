import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { safelist, writtenAlike } from './safelist.ts';

const BODY =
  'query Mine($first: Int = 3) {\n  me {\n    ...Name\n    books(first: $first) {\n      title\n    }\n  }\n}\n\nfragment Name on Account {\n  name\n}';

const listOf = (...bodies: string[]) =>
  safelist(
    JSON.stringify({
      format: 'apollo-persisted-query-manifest',
      version: 1,
      operations: bodies.map((body, at) => ({ id: `id-${at}`, name: null, type: 'query', body })),
    }),
  );
const known = listOf(BODY);
const has = (query: string, name?: string) => known.has(parse(query), name);

it('knows an operation by its id', () => {
  expect(known.byId('id-0')).toBe(BODY);
  expect(known.byId('id-1')).toBeUndefined();
});

describe('knows an operation by its text', () => {
  it.each([
    ['as it stands', BODY],
    ['in one line, with commas and comments', BODY.replaceAll(/\s+/g, ' ').replace('}', ',,} # the end\n')],
    ['with its fragment first', BODY.split('\n\n').reverse().join('\n')],
    ['with the `__typename`s that a client puts in', BODY.replace('...Name', '__typename ...Name').replace('title', 'title __typename')],
  ])('%s', (_, text) => expect(has(text)).toBe(true));

  it('beside others, by its name', () => {
    const both = `query Other { secrets } ${BODY}`;
    expect([has(both, 'Mine'), has(both, 'Other'), has(both), has(both, 'Nobody')]).toEqual([true, false, false, false]);
  });
});

it.each([
  ['a field more', BODY.replace('title', 'title price')],
  ['a field less', BODY.replace('title', '__typename')],
  ['another default', BODY.replace('= 3', '= 300')],
  ['another fragment of that name', BODY.replace('  name\n', '  name email\n')],
  ['a `__typename` with another name', BODY.replace('title', 'title x: __typename')],
  ['a directive', BODY.replace('title', 'title @skip(if: false)')],
  ['another name', BODY.replace('Mine', 'Yours')],
])('does not know it with %s', (_, text) => expect(has(text)).toBe(false));

it('a selection of nothing but `__typename` stays one', () => {
  expect(writtenAlike(parse('{ me { __typename __typename } }'), undefined)).toBe('{\n  me {\n    __typename\n  }\n}');
});

it('a fragment that needs itself is no trouble', () => {
  expect(has('{ ...A } fragment A on Query { ...A }')).toBe(false);
});

it('says what is wrong with a manifest', () => {
  expect(() => safelist('{"format":"relay","version":1,"operations":[]}')).toThrow('apollo-persisted-query-manifest');
  expect(() => listOf('{')).toThrow('Syntax Error');
});
