import { createHash } from 'node:crypto';
import { type FieldNode, type GraphQLSchema, Kind, type SelectionSetNode } from 'graphql';
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
  /** What a subscription's events are about: the types of an event and of what hangs directly on it. */
  told(query: string): readonly string[];
  /** A type, and those that it may be. */
  possible(type: string): readonly string[];
  /** The type that an event's aggregate is: `gift-item` → `GiftItem`; undefined where the supergraph has none of that name. */
  typeOf(aggregate: string): string | undefined;
}

const unnamed = (query: string): string => query.replace(/^query\s+\w+/, 'query');

const pascal = (kebab: string): string => kebab.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** @param schema of the whole supergraph, with what clients do not see */
export function cacheKnowledge(schema: GraphQLSchema, hints: ReadonlyMap<string, Hints>): CacheKnowledge {
  const types = (query: string, depth = Number.POSITIVE_INFINITY): readonly string[] => {
    const operation = operationIn(query);
    return operation ? typesIn(schema, { ...operation, selectionSet: upTo(operation.selectionSet, depth) }) : [];
  };
  return {
    subgraphs: [...hints.keys()],
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
    answers: (query) => types(query, 1),
    told: (query) => types(query, 2),
    typeOf(aggregate) {
      const name = pascal(aggregate);
      return schema.getType(name) ? name : undefined;
    },
  };
}

/** Selections without what is below so many fields. */
const upTo = (set: SelectionSetNode, depth: number): SelectionSetNode => ({
  ...set,
  selections: set.selections.map((node) => {
    if (!('selectionSet' in node) || !node.selectionSet) return node;
    if (node.kind === Kind.INLINE_FRAGMENT) return { ...node, selectionSet: upTo(node.selectionSet, depth) };
    return depth > 1 ? { ...node, selectionSet: upTo(node.selectionSet, depth - 1) } : leaf(node);
  }),
});

/** A field without what is below it. */
const leaf = ({ selectionSet: _, ...field }: FieldNode): FieldNode => field;
