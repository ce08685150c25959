import { createHash } from 'node:crypto';
import type { GraphQLSchema } from 'graphql';
import type { Hints } from './hints.ts';
import { type CachePolicy, operationIn, policyOf, typesIn, withPossible } from './policy.ts';

/** What a request that may be answered from the cache is kept by. */
export interface Caching extends CachePolicy {
  readonly subgraph: string;
  /** Equal for requests that differ in nothing but their names, variables and entities. */
  readonly head: string;
  /** The types of all objects in an answer, but for the entities themselves. */
  readonly types: readonly string[];
}

/** What is known of requests before they are sent. */
export interface CacheKnowledge {
  /** The subgraphs that something may be kept of. */
  readonly subgraphs: readonly string[];
  /** Null when nothing of it may be kept. */
  caching(subgraph: string, query: string): Caching | null;
  /** What a mutation answers with: the types that it says to have changed. */
  answers(query: string): readonly string[];
  /** The types of the objects in an answer. */
  types(query: string): readonly string[];
  /** A type, and those that it may be. */
  possible(type: string): readonly string[];
  /** The type that an event's aggregate is: `gift-item` → `GiftItem`; undefined where the supergraph has none of that name. */
  typeOf(aggregate: string): string | undefined;
}

const unnamed = (query: string): string => query.replace(/^query\s+\w+/, 'query');

const pascal = (kebab: string): string => kebab.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** @param schema of the whole supergraph, with what clients do not see */
export function cacheKnowledge(schema: GraphQLSchema, hints: ReadonlyMap<string, Hints>): CacheKnowledge {
  const types = (query: string): readonly string[] => {
    const operation = operationIn(query);
    return operation ? typesIn(schema, operation) : [];
  };
  return {
    subgraphs: [...hints.keys()],
    types,
    possible: (type) => withPossible(schema, type),
    caching(subgraph, query) {
      const own = hints.get(subgraph);
      const operation = own ? operationIn(query) : null;
      const policy = own && operation ? policyOf(schema, own, operation) : null;
      if (!policy) return null;
      const head = createHash('sha256')
        .update(`${subgraph}\n${unnamed(query)}`)
        .digest('base64url')
        .slice(0, 24);
      return { ...policy, subgraph, head, types: types(query) };
    },
    answers(query) {
      const operation = operationIn(query);
      if (!operation) return [];
      const root = { ...operation, selectionSet: { ...operation.selectionSet, selections: operation.selectionSet.selections.map(leaf) } };
      return typesIn(schema, root);
    },
    typeOf(aggregate) {
      const name = pascal(aggregate);
      return schema.getType(name) ? name : undefined;
    },
  };
}

/** A field without what is below it. */
const leaf = <Node extends object>(node: Node): Node => ({ ...node, selectionSet: undefined });
