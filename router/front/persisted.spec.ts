import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { persistedQueries } from './persisted.ts';

const query = '{ a }';
const sha256Hash = createHash('sha256').update(query).digest('hex');
const asked = (query: string | undefined, persistedQuery?: object) => ({
  query,
  operationName: undefined,
  variables: {},
  extensions: { persistedQuery },
});

it('knows a document by its hash once it was sent', () => {
  const documentOf = persistedQueries(1);
  const byHash = asked(undefined, { version: 1, sha256Hash });
  expect(() => documentOf(byHash)).toThrow('PersistedQueryNotFound');
  expect(documentOf(asked(query, { version: 1, sha256Hash }))).toBe(query);
  expect(documentOf(byHash)).toBe(query);
});

it('takes no document for another one', () => {
  const documentOf = persistedQueries(1);
  expect(() => documentOf(asked('{ b }', { version: 1, sha256Hash }))).toThrow('hash');
  expect(() => documentOf(asked(undefined, { version: 2, sha256Hash }))).toThrow('version 1');
  expect(() => documentOf(asked(undefined))).toThrow('non-empty');
});
