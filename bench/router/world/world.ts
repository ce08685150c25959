import { readFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import { type ExecutionResult, execute, type GraphQLSchema, parse } from 'graphql';
import { root, whole } from './data.ts';

/** The subgraphs' names; their SDL is of federation 1, the only one that all gateways can read. */
export const SUBGRAPHS = ['accounts', 'products', 'inventory', 'reviews'] as const;
export type Subgraph = (typeof SUBGRAPHS)[number];

export const sdlOf = (name: Subgraph): string => readFileSync(new URL(`${name}.graphql`, import.meta.url), 'utf8');

export interface Supergraph {
  readonly sdl: string;
  /** What clients see. */
  readonly schema: GraphQLSchema;
}

/** Composes the subgraphs at their addresses. @throws what is wrong with them */
export function supergraphOf(urls: Readonly<Record<Subgraph, string>>): Supergraph {
  const services = SUBGRAPHS.map((name) => ({ name, url: urls[name], typeDefs: parse(sdlOf(name)) }));
  const { supergraphSdl, schema, errors } = composeServices(services);
  if (supergraphSdl === undefined || schema === undefined) throw new AggregateError(errors ?? [], (errors ?? []).map(String).join('\n'));
  return { sdl: supergraphSdl, schema: schema.toAPISchema().toGraphQLJSSchema() };
}

/** What graphql-js alone answers over all data: what every gateway has to answer. */
export function truth(schema: GraphQLSchema, query: string, variables: Readonly<Record<string, unknown>>): ExecutionResult {
  const result = execute({
    schema,
    document: parse(query),
    rootValue: root,
    variableValues: variables,
    fieldResolver: (source, args, _, { fieldName }) => {
      const value: unknown = fieldName in source ? source[fieldName] : (whole as Record<string, unknown>)[fieldName];
      if (typeof value !== 'function') return value;
      return source === root ? value(args) : value(source);
    },
  });
  if (result instanceof Promise || result.errors) throw new Error(`graphql-js itself fails: ${JSON.stringify(result)}`);
  return result;
}
