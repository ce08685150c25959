import { type DocumentNode, GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import { BoundedCache } from '../identity/bounded-cache.ts';

/** Documents that are remembered; what the router and other contexts send are far fewer. */
const REMEMBERED = 500;

/** Reads and validates a document, or tells what is wrong with it. */
export type Documents = (query: string) => DocumentNode | readonly GraphQLError[];

/** Each document that is right is read and validated once. */
export function documents(schema: GraphQLSchema): Documents {
  const known = new BoundedCache<DocumentNode>(REMEMBERED);
  return (query) => {
    const before = known.get(query, 0);
    if (before) return before;
    let document: DocumentNode;
    try {
      document = parse(query);
    } catch (error) {
      return [coded(error, 'GRAPHQL_PARSE_FAILED')];
    }
    const mistakes = validate(schema, document);
    if (mistakes.length > 0) return mistakes.map((mistake) => coded(mistake, 'GRAPHQL_VALIDATION_FAILED'));
    known.set(query, document, Number.POSITIVE_INFINITY);
    return document;
  };
}

function coded(error: unknown, code: string): GraphQLError {
  const { nodes, source, positions, path, message } = asGraphQL(error);
  return new GraphQLError(message, { nodes, source, positions, path, extensions: { code } });
}

/** What was thrown, as GraphQL's kind of error. */
export const asGraphQL = (error: unknown): GraphQLError =>
  error instanceof GraphQLError ? error : new GraphQLError(String(error), { originalError: error as Error });
