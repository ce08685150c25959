import { createHash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import type { Engine } from '../engine/engine.ts';
import type { Prepared, Unprepared } from '../engine/prepare.ts';
import type { DocumentSettings } from '../settings/documents.ts';
import { badRequest } from './bad-request.ts';
import type { Parameters } from './parameters.ts';

type PersistedSettings = Pick<DocumentSettings, 'apq' | 'apqCharacters'>;

/** Which document is meant. */
export type Asked = Pick<Parameters, 'query' | 'operationName' | 'documentId' | 'extensions'>;

const http = { status: 200, headers: { 'cache-control': 'private, no-cache, must-revalidate' } };
const unknown = (message: string, code: string): GraphQLError => new GraphQLError(message, { extensions: { code, http } });

/** Documents by their hashes; the longest unused are forgotten when there are too many characters. */
class Kept {
  readonly #texts = new Map<string, string>();
  readonly #most: number;
  #characters = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get(hash: string): string | undefined {
    const text = this.#texts.get(hash);
    if (text === undefined) return undefined;
    this.#texts.delete(hash);
    this.#texts.set(hash, text);
    return text;
  }

  set(hash: string, text: string): void {
    if (!this.#texts.has(hash)) this.#characters += text.length;
    this.#texts.set(hash, text);
    for (const [oldest, { length }] of this.#texts) {
      if (this.#characters <= this.#most) return;
      this.#texts.delete(oldest);
      this.#characters -= length;
    }
  }
}

/**
 * Finds the document that a request means, and prepares it: sent as `query`, or named by an id of the manifest or the SHA-256 of a document that was sent before (automatic persisted
 * queries, as Apollo Client asks for them). Only what can be carried out is kept.
 */
export function persistedDocuments(engine: Pick<Engine, 'prepare' | 'safelist'>, { apq, apqCharacters }: PersistedSettings) {
  const kept = new Kept(apqCharacters);

  /** @throws GraphQLError PERSISTED_QUERY_NOT_FOUND, PERSISTED_QUERY_NOT_SUPPORTED (both status 200) */
  function byId(id: string): string {
    const text = engine.safelist?.byId(id) ?? (apq ? kept.get(id) : undefined);
    if (text !== undefined) return text;
    if (apq) throw unknown('PersistedQueryNotFound', 'PERSISTED_QUERY_NOT_FOUND');
    throw unknown('PersistedQueryNotSupported', 'PERSISTED_QUERY_NOT_SUPPORTED');
  }

  function hashIn({ extensions: { persistedQuery } }: Asked): string | undefined {
    if (persistedQuery === undefined || persistedQuery === null) return undefined;
    const { version, sha256Hash } = persistedQuery as { version?: unknown; sha256Hash?: unknown };
    if (version !== 1 || typeof sha256Hash !== 'string') throw badRequest('Only version 1 of `persistedQuery` is known.');
    return sha256Hash;
  }

  /** @throws GraphQLError as {@link byId}, and BAD_REQUEST where no document is meant */
  function textOf(asked: Asked, hash = hashIn(asked)): string {
    const { query, documentId } = asked;
    if (query === undefined) {
      const id = documentId?.replace(/^sha256:/, '') ?? hash;
      if (id !== undefined) return byId(id);
      throw badRequest('A request must contain a non-empty `query`, a `documentId`, or the extension `persistedQuery`.');
    }
    if (hash !== undefined && createHash('sha256').update(query).digest('hex') !== hash)
      throw badRequest('The hash is not that of the query.');
    return query;
  }

  return {
    textOf,

    /** @throws GraphQLError as {@link textOf} */
    prepare(asked: Asked): Prepared | Unprepared {
      const hash = hashIn(asked);
      const text = textOf(asked, hash);
      const made = engine.prepare(text, asked.operationName);
      if (apq && hash !== undefined && asked.query !== undefined && 'plan' in made) kept.set(hash, text);
      return made;
    },
  };
}

export type PersistedDocuments = ReturnType<typeof persistedDocuments>;
