import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { Hint, Hints } from './hints.ts';
import { operationIn, policyOf, typesIn } from './policy.ts';

const schema = buildSchema(`
  type Query { book: Book, cachedBook: Book, reader: Reader, shelf: Shelf, count: Int, countedLong: Int, things: [Thing] }
  type Book { title: String, cachedTitle: String, author: Author, place: Place }
  type Author { name: String }
  type Place { row: Int, shelf: Shelf }
  type Reader { book: Book }
  type Shelf { books: [Book], number: Int }
  type Mutation { rename: Book }
  interface Named { name: String }
  type Pen implements Named { name: String }
  union Thing = Pen | Author
`);

const policy = (query: string, hints: Readonly<Record<string, Hint>>) => {
  const operation = operationIn(query);
  return operation && policyOf(schema, new Map(Object.entries(hints)) as Hints, operation);
};
const good = (maxAge: number, scope = 'PUBLIC') => ({ maxAge, scope });

describe("Apollo's rules", () => {
  // The examples of https://www.apollographql.com/docs/apollo-server/performance/caching#example-maxage-calculations
  const documented: Record<string, Hint> = {
    'Query.cachedBook': { maxAge: 60 },
    'Reader.book': { inheritMaxAge: true },
    'Book.cachedTitle': { maxAge: 30 },
  };

  it.each([
    ['a root field without a hint has 0', '{ book { cachedTitle } }', documented, null],
    ['a scalar has its parent’s', '{ cachedBook { title } }', documented, good(60)],
    ['the shortest counts', '{ cachedBook { cachedTitle } }', documented, good(30)],
    ['an object inherits where it says so', '{ reader { book { title } } }', { ...documented, 'Query.reader': { maxAge: 40 } }, good(40)],
    ['and has 0 where it does not', '{ cachedBook { author { name } } }', documented, null],
    ['a root scalar without a hint has 0', '{ cachedBook { title } count }', documented, null],
    ['and its own where it has one', '{ countedLong }', { 'Query.countedLong': { maxAge: 9 } }, good(9)],
    ['a root field has nobody to inherit from', '{ countedLong }', { 'Query.countedLong': { inheritMaxAge: true } }, null],
    ['a type speaks for the fields of it', '{ book { title } }', { Book: { maxAge: 240 } }, good(240)],
    ['a field is heard before its type', '{ book { title } }', { Book: { maxAge: 240 }, 'Query.book': { maxAge: 5 } }, good(5)],
    ['also with a longer time', '{ book { title } }', { Book: { maxAge: 5 }, 'Query.book': { maxAge: 240 } }, good(240)],
    ['a type may inherit', '{ cachedBook { place { row } } }', { ...documented, Place: { inheritMaxAge: true } }, good(60)],
    ['0 is not to be kept', '{ cachedBook { title author { name } } }', { ...documented, Author: { maxAge: 0 } }, null],
    ['a list is as its items', '{ shelf { books { title } } }', { 'Query.shelf': { maxAge: 3 }, Book: { maxAge: 2 } }, good(2)],
    [
      'PRIVATE is for all of it',
      '{ cachedBook { title author { name } } }',
      { ...documented, Author: { maxAge: 90, scope: 'PRIVATE' } },
      good(60, 'PRIVATE'),
    ],
    ['a scalar may be PRIVATE', '{ cachedBook { title } }', { ...documented, 'Book.title': { scope: 'PRIVATE' } }, good(60, 'PRIVATE')],
    [
      'a field may be PUBLIC though its type is PRIVATE',
      '{ cachedBook { title } }',
      { Book: { maxAge: 7, scope: 'PRIVATE' }, 'Query.cachedBook': { scope: 'PUBLIC' } },
      good(7),
    ],
    ['what may be skipped counts', 'query ($no: Boolean!) { cachedBook { title author @skip(if: $no) { name } } }', documented, null],
    ['fragments count', '{ cachedBook { ... on Book { cachedTitle } } }', documented, good(30)],
    ['members of a union count', '{ things { ... on Pen { name } } }', { Thing: { maxAge: 8 }, 'Pen.name': { maxAge: 6 } }, good(6)],
    ['an alias is no other field', '{ it: cachedBook { cachedTitle } }', documented, good(30)],
    ['__typename is for ever', '{ cachedBook { __typename } }', documented, good(60)],
    ['nothing is not to be kept', '{ __typename }', documented, null],
    ['what nobody knows is not to be kept', '{ cachedBook { unheardOf } }', documented, null],
  ] satisfies [string, string, Record<string, Hint>, unknown][])('%s', (_, query, hints, expected) => {
    expect(policy(query, hints)).toEqual(expected);
  });
});

describe('of entities', () => {
  const ask = (fields: string) => `query ($representations: [_Any!]!) { _entities(representations: $representations) { ${fields} } }`;

  it.each([
    ['their type counts', '... on Book { title }', { Book: { maxAge: 20 } }, good(20)],
    ['a type without a hint has 0', '... on Book { title }', { 'Query.book': { maxAge: 20 } }, null],
    [
      'the shortest of the types counts',
      '... on Book { title } ... on Author { name }',
      { Book: { maxAge: 20 }, Author: { maxAge: 10 } },
      good(10),
    ],
    ['a field counts', '... on Book { title cachedTitle }', { Book: { maxAge: 20 }, 'Book.cachedTitle': { maxAge: 0 } }, null],
    [
      'one PRIVATE is for all',
      '... on Book { title } ... on Author { name }',
      { Book: { maxAge: 20 }, Author: { maxAge: 30, scope: 'PRIVATE' } },
      good(20, 'PRIVATE'),
    ],
  ] satisfies [string, string, Record<string, Hint>, unknown][])('%s', (_, fields, hints, expected) => {
    expect(policy(ask(fields), hints)).toEqual(expected);
  });

  it('the types below them are known', () => {
    const types = (query: string) => {
      const operation = operationIn(query);
      return operation && typesIn(schema, operation);
    };
    expect(types(ask('... on Book { title author { name } }'))).toEqual(['Author']);
    expect(types(ask('... on Place { shelf { books { title } } }'))).toEqual(['Shelf', 'Book']);
    expect(types('{ things { __typename } }')).toEqual(['Thing', 'Pen', 'Author']);
    expect(types('mutation { rename { title } }')).toEqual(['Book']);
  });
});
