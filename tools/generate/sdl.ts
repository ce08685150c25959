import { readFileSync } from 'node:fs';
import path from 'node:path';
import { buildASTSchema, type DocumentNode, GraphQLError, type GraphQLSchema, Kind, parse, Source } from 'graphql';
import { root } from '../workspace.ts';

/** A context's SDL as it was written. */
export type Sdl = { context: string; file: string; document: DocumentNode };

/** Reads and parses `schema/subgraphs/<context>.graphql`; a syntax error names file and line. */
export function readSdl(context: string, base = root): Sdl {
  const file = `schema/subgraphs/${context}.graphql`;
  return { context, file, document: parseFile(file, base) };
}

/** Parses a GraphQL file of the repository, whose path is kept as the name of the source. */
export function parseFile(file: string, base = root): DocumentNode {
  try {
    return parse(new Source(readFileSync(path.join(base, file), 'utf8'), file));
  } catch (error) {
    if (error instanceof GraphQLError) throw new Error(describe(error), { cause: error });
    throw error;
  }
}

/** The schema of a context alone, with what is `@inaccessible` and without the machinery of federation (`_entities`, `_service`). */
export function executableSchema({ document }: Sdl): GraphQLSchema {
  // Directives of federation are not declared in an SDL, and it may have no queries of its own: composition validates it in full.
  return buildASTSchema(withoutLooseExtensions(document), { assumeValidSDL: true, assumeValid: true });
}

/** One line for each place: `schema/subgraphs/x.graphql:3:5  message`. */
export function describe(error: GraphQLError): string {
  const places = error.nodes?.flatMap(({ loc }) => (loc ? [[loc.source, loc.startToken] as const] : []));
  if (places?.length) return places.map(([source, { line, column }]) => `${source.name}:${line}:${column}  ${error.message}`).join('\n');
  const [location] = error.locations ?? [];
  return `${error.source ? `${error.source.name}:${location?.line}:${location?.column}  ` : ''}${error.message}`;
}

/** `extend type Query` without a `type Query` is usual in a subgraph; graphql wants the type itself. */
export function withoutLooseExtensions(document: DocumentNode): DocumentNode {
  const defined = new Set(document.definitions.flatMap((node) => (node.kind === Kind.OBJECT_TYPE_DEFINITION ? [node.name.value] : [])));
  const definitions = document.definitions
    .filter(({ kind }) => kind !== Kind.SCHEMA_EXTENSION)
    .map((node) => {
      if (node.kind !== Kind.OBJECT_TYPE_EXTENSION || defined.has(node.name.value)) return node;
      defined.add(node.name.value);
      return { ...node, kind: Kind.OBJECT_TYPE_DEFINITION } as const;
    });
  return { ...document, definitions };
}
