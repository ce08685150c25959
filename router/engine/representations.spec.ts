import { expect, it } from 'vitest';
import { compileRepresentation } from './representations.ts';

const field = (name: string, selections?: never[]) => ({ kind: 'Field' as const, name, ...(selections ? { selections } : {}) });
const on = (typeCondition: string, ...selections: ReturnType<typeof field>[]) => ({
  kind: 'InlineFragment' as const,
  typeCondition,
  selections,
});
const matches = (condition: string, typename: string) => condition === typename || condition === 'Media';

it('is the same text for the same entity, in whatever order the plan has the fields', () => {
  const entity = { __typename: 'Book', id: '1', isbn: 'x', other: 1 };
  const one = compileRepresentation([on('Book', field('isbn'), field('id'), field('__typename'))], [], matches);
  const other = compileRepresentation([on('Book', field('__typename'), field('id'), field('isbn'))], [], matches);
  expect(one(entity)).toBe('{"__typename":"Book","id":"1","isbn":"x"}');
  expect(other(entity)).toBe(one(entity));
});

it('is null for another type, for what lacks something, and for what has nothing but a type', () => {
  const represent = compileRepresentation([on('Book', field('__typename'), field('id')), on('Media', field('__typename'))], [], matches);
  expect(represent({ __typename: 'Film', id: '1' })).toBeNull();
  expect(represent({ __typename: 'Book' })).toBeNull();
  expect(represent({ __typename: 'Book', id: null })).toBe('{"__typename":"Book","id":null}');
});

it('has the name of the interface that the subgraph knows, and the keys that it knows', () => {
  const rewrites = [
    { kind: 'ValueSetter' as const, path: ['... on Book', '__typename'], setValueTo: 'Media' },
    { kind: 'KeyRenamer' as const, path: ['... on Book', 'id__alias_0'], renameKeyTo: 'id' },
  ];
  const represent = compileRepresentation(
    [on('Book', field('__typename'), field('id__alias_0'), field('price__required0'))],
    rewrites,
    matches,
    { original: (key) => key.replace('__required0', '') },
  );
  expect(represent({ __typename: 'Book', id__alias_0: '1', price__required0: 3 })).toBe('{"__typename":"Media","id":"1","price":3}');
});

it('says by which fields objects are told apart without it, those of a key first', () => {
  const keys = new Map([['Book', new Set(['isbn'])]]);
  const of = (...fields: ReturnType<typeof field>[]) =>
    compileRepresentation([on('Book', field('__typename'), ...fields)], [], matches, { keys }).fieldsOf('Book');
  expect(of(field('color'), field('isbn'))).toEqual(['isbn', 'color']);
  expect(of(field('isbn'), field('maker', []))).toBeNull();
  expect(of()).toBeNull();
});
