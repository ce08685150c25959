import { createHash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { Recent } from '../recent.ts';
import { badRequest } from './bad-request.ts';
import type { Parameters } from './parameters.ts';

const NOT_FOUND = 'PERSISTED_QUERY_NOT_FOUND';

const notFound = (): GraphQLError =>
  new GraphQLError('PersistedQueryNotFound', {
    extensions: { code: NOT_FOUND, http: { status: 200, headers: { 'cache-control': 'private, no-cache, must-revalidate' } } },
  });

/** Automatic persisted queries, as Apollo Client sends them: a document's SHA-256 instead of it, once the document itself was sent. */
export function persistedQueries(size: number): (parameters: Parameters) => string {
  const documents = new Recent<string, string>(size);
  return ({ query, extensions: { persistedQuery } }) => {
    if (persistedQuery === undefined || persistedQuery === null) {
      if (query !== undefined) return query;
      throw badRequest('A request must contain a non-empty `query`, or the extension `persistedQuery`.');
    }
    const { version, sha256Hash } = persistedQuery as { version?: unknown; sha256Hash?: unknown };
    if (version !== 1 || typeof sha256Hash !== 'string') throw badRequest('Only version 1 of `persistedQuery` is known.');
    if (query === undefined) {
      const document = documents.get(sha256Hash);
      if (document === undefined) throw notFound();
      return document;
    }
    if (createHash('sha256').update(query).digest('hex') !== sha256Hash) throw badRequest('The hash is not that of the query.');
    documents.set(sha256Hash, query);
    return query;
  };
}
