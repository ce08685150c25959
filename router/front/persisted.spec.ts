import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { safelist } from '../documents/safelist.ts';
import type { Prepared } from '../engine/prepare.ts';
import { documents } from '../settings/documents.ts';
import { persistedDocuments } from './persisted.ts';

const query = '{ a }';
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const sha256Hash = hashOf(query);
const asked = (query: string | undefined, persistedQuery?: object, documentId?: string) => ({
  query,
  documentId,
  operationName: undefined,
  extensions: { persistedQuery },
});

/** Carries out everything but what has `wrong` in it. */
const engine = (manifest?: string) => ({
  safelist: manifest === undefined ? undefined : safelist(manifest),
  prepare: (text: string) => (text.includes('wrong') ? { problems: [] } : ({ plan: {} } as Prepared)),
});

describe('automatic persisted queries', () => {
  it('know a document by its hash once it was sent', () => {
    const { textOf, prepare } = persistedDocuments(engine(), documents);
    const byHash = asked(undefined, { version: 1, sha256Hash });
    expect(() => prepare(byHash)).toThrow('PersistedQueryNotFound');
    prepare(asked(query, { version: 1, sha256Hash }));
    expect(textOf(byHash)).toBe(query);
  });

  it('take no document for another one', () => {
    const { prepare } = persistedDocuments(engine(), documents);
    expect(() => prepare(asked('{ b }', { version: 1, sha256Hash }))).toThrow('hash');
    expect(() => prepare(asked(undefined, { version: 2, sha256Hash }))).toThrow('version 1');
    expect(() => prepare(asked(undefined))).toThrow('non-empty');
  });

  it('keep nothing that cannot be carried out', () => {
    const { textOf, prepare } = persistedDocuments(engine(), documents);
    const persistedQuery = { version: 1, sha256Hash: hashOf('{ wrong }') };
    prepare(asked('{ wrong }', persistedQuery));
    expect(() => textOf(asked(undefined, persistedQuery))).toThrow('PersistedQueryNotFound');
  });

  it('keep no more than so many characters: the longest unused goes first', () => {
    const { textOf, prepare } = persistedDocuments(engine(), { ...documents, apqCharacters: 10 });
    const named = (text: string) => asked(undefined, { version: 1, sha256Hash: hashOf(text) });
    for (const text of ['{ a }', '{ b }']) prepare(asked(text, named(text).extensions.persistedQuery));
    expect(textOf(named('{ a }'))).toBe('{ a }');
    prepare(asked('{ c }', named('{ c }').extensions.persistedQuery));
    expect(textOf(named('{ a }'))).toBe('{ a }');
    expect(() => textOf(named('{ b }'))).toThrow('PersistedQueryNotFound');
  });

  it('can be off: the client is told to send documents', () => {
    const { textOf, prepare } = persistedDocuments(engine(), { ...documents, apq: false });
    prepare(asked(query, { version: 1, sha256Hash }));
    expect(() => textOf(asked(undefined, { version: 1, sha256Hash }))).toThrow('PersistedQueryNotSupported');
  });
});

it('an operation of the manifest is known by its id, as APQ or `documentId`', () => {
  const operations = [{ id: 'abc', name: null, type: 'query', body: query }];
  const manifest = JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations });
  const { textOf } = persistedDocuments(engine(manifest), { ...documents, apq: false });
  expect(textOf(asked(undefined, { version: 1, sha256Hash: 'abc' }))).toBe(query);
  expect(textOf(asked(undefined, undefined, 'abc'))).toBe(query);
  expect(textOf(asked(undefined, undefined, 'sha256:abc'))).toBe(query);
  expect(() => textOf(asked(undefined, undefined, 'abd'))).toThrow('PersistedQueryNotSupported');
});
