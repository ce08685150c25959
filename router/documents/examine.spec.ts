import { getIntrospectionQuery, parse } from 'graphql';
import { expect, it } from 'vitest';
import { documents } from '../settings/documents.ts';
import { type ExamineSettings, examine } from './examine.ts';

const found = (query: string, settings: Partial<ExamineSettings> = {}) =>
  examine(parse(query), { ...documents, ...settings })?.extensions ?? 'nothing';

const nested = (levels: number, inner = 'a') => `${'{ a '.repeat(levels - 1)}{ ${inner} }${' }'.repeat(levels - 1)}`;

it.each<[what: string, limit: Partial<ExamineSettings>, allowed: string, refused: string, code: string, counted: number]>([
  ['fields in fields', { documentDepth: 4 }, nested(4), nested(5), 'DOCUMENT_TOO_DEEP', 5],
  ['fields in fields, through fragments', { documentDepth: 3 }, nested(2, '...F') + F(2), nested(2, '...F') + F(3), 'DOCUMENT_TOO_DEEP', 4],
  ['fragments in fragments', { documentDepth: 2 }, '{ ... { ... { a } } }', '{ ... { ... { ... { a } } } }', 'DOCUMENT_TOO_DEEP', 3],
  ['lists in an argument', { documentDepth: 2 }, '{ a(b: [[1]]) }', '{ a(b: [[[1]]]) }', 'DOCUMENT_TOO_DEEP', 3],
  [
    'objects in a default',
    { documentDepth: 2 },
    'query ($b: B = { c: { d: 1 } }) { a(b: $b) }',
    'query ($b: B = { c: { d: [1] } }) { a(b: $b) }',
    'DOCUMENT_TOO_DEEP',
    3,
  ],
  ['lists in a type', { documentDepth: 2 }, 'query ($a: [[A!]!]!) { a }', 'query ($a: [[[A]]]) { a }', 'DOCUMENT_TOO_DEEP', 3],
  ['a fragment in itself', { documentDepth: 4 }, '{ a }', '{ ...F } fragment F on A { a { ...F } }', 'DOCUMENT_TOO_DEEP', 5],
  ['fields', { documentFields: 3 }, '{ a b c }', '{ a b c d }', 'TOO_MANY_FIELDS', 4],
  [
    'fields of fragments wherever they are spread',
    { documentFields: 6 },
    `{ x { ...F } y { ...F } }${F(1)}`,
    `{ x { ...F } y { ...F } z }${F(1)}`,
    'TOO_MANY_FIELDS',
    7,
  ],
  ['fields of fragments that nobody uses', { documentFields: 3 }, `{ a }${F(2)}`, `{ a b }${F(2)}`, 'TOO_MANY_FIELDS', 4],
  ['root fields', { documentRootFields: 2 }, '{ a b }', '{ a ...G } fragment G on Query { b c }', 'TOO_MANY_ROOT_FIELDS', 3],
  ['aliases', { documentAliases: 2 }, '{ x: a y: a a: a }', '{ x: a y: a z: a }', 'TOO_MANY_ALIASES', 3],
  [
    'aliases of fragments wherever they are spread',
    { documentAliases: 2 },
    '{ b { ...G } c { ...G } } fragment G on A { x: a }',
    '{ b { ...G } c { ...G } d { ...G } } fragment G on A { x: a }',
    'TOO_MANY_ALIASES',
    3,
  ],
  ['directives', { documentDirectives: 2 }, '{ a @b c @d }', '{ a @b c @d e @f }', 'TOO_MANY_DIRECTIVES', 3],
  ['directives at one place', { fieldDirectives: 2 }, '{ a @b @c }', '{ a @b @c @d }', 'TOO_MANY_DIRECTIVES', 3],
  ['directives of an operation', { fieldDirectives: 1 }, 'query A @b { a }', 'query A @b @c { a }', 'TOO_MANY_DIRECTIVES', 2],
  ['directives of a variable', { fieldDirectives: 1 }, 'query ($a: A @b) { a }', 'query ($a: A @b @c) { a }', 'TOO_MANY_DIRECTIVES', 2],
  ['definitions', { documentDefinitions: 2 }, `{ a }${F(1)}`, `query A { a } query B { a }${F(1)}`, 'TOO_MANY_DEFINITIONS', 3],
  ['one name again and again', { documentRepetitions: 12 }, '{ a a a a }', '{ a a a a a }', 'TOO_MANY_REPETITIONS', 20],
  [
    'one name with long arguments',
    { documentRepetitions: 12 },
    '{ a(b: [1]) a(b: [1]) }',
    '{ a(b: [1, 2, 3, 4, 5, 6]) a(b: [1, 2, 3, 4, 5, 6]) }',
    'TOO_MANY_REPETITIONS',
    16,
  ],
])('%s', (_, limit, allowed, refused, code, counted) => {
  expect(found(allowed, limit)).toBe('nothing');
  expect(found(refused, limit)).toEqual({ code, limit: Object.values(limit)[0], found: counted });
});

/** A fragment with fields so many levels deep. */
function F(levels: number): string {
  return ` fragment F on A ${nested(levels)}`;
}

it('fragments that double with each level are refused after as many steps as there may be fields', () => {
  const chain = (levels: number, inner: (next: string) => string) =>
    Array.from(
      { length: levels },
      (_, level) => ` fragment F${level} on A { ${inner(level + 1 < levels ? `...F${level + 1}` : 'a')} }`,
    ).join('');
  const doubling = `{ ...F0 }${chain(18, (next) => `x: a { ${next} } y: a { ${next} }`)}`;
  expect(found(doubling, { documentAliases: 1e9 })).toMatchObject({ code: 'TOO_MANY_FIELDS', limit: documents.documentFields });
  const byType = `{ ...F0 }${chain(18, (next) => `... on B { a { ${next} } } ... on C { a { ${next} } }`)}`;
  expect(found(byType)).toMatchObject({ code: 'TOO_MANY_FIELDS' });
  // Merged, they are a chain.
  expect(found(`{ ...F0 }${chain(18, (next) => `a { ${next} } a { ${next} }`)}`)).toBe('nothing');
});

it('introspection can be off; `__typename` never is', () => {
  const off = { introspection: 'off' } as const;
  const code = { code: 'INTROSPECTION_DISABLED' };
  expect(found(getIntrospectionQuery(), off)).toEqual(code);
  expect(found('{ ... { mine: __type(name: "Query") { name } } }', off)).toEqual(code);
  expect(found('{ a ...S } fragment S on Query { __schema { description } }', off)).toEqual(code);
  expect(found('{ __typename a { __typename } }', off)).toBe('nothing');
});
