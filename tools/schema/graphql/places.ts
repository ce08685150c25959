import { type ASTNode, type DocumentNode, GraphQLError, Kind, type Location, visit } from 'graphql';
import type { Place } from '../finding.ts';

/** Where a node was written; the document's source bears the file's path. */
export function placeOf(node: { readonly loc?: Location | undefined } | null | undefined): Place | undefined {
  if (!node?.loc) return undefined;
  // A description belongs to its node and is not what one wants to be shown.
  const token = 'name' in node && isNamed(node) ? node.name.loc.startToken : node.loc.startToken;
  return { file: node.loc.source.name, line: token.line, column: token.column };
}

function isNamed(node: object): node is { name: { loc: Location } } {
  return typeof Reflect.get(node, 'name') === 'object' && Reflect.get(Reflect.get(node, 'name') as object, 'loc') !== undefined;
}

/** Where an error of GraphQL is. */
export function placeOfError(error: GraphQLError): Place | undefined {
  const node = error.nodes?.find(({ loc }) => loc);
  if (node) return placeOf(node);
  const [location] = error.locations ?? [];
  return error.source && location ? { file: error.source.name, ...location } : undefined;
}

/** A syntax error that `readSdl` and `parseFile` wrap, or what else was thrown. */
export function syntaxError(error: unknown): { message: string; at: Place | undefined } {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (cause instanceof GraphQLError) return { message: cause.message, at: placeOfError(cause) };
  return { message: error instanceof Error ? error.message : String(error), at: undefined };
}

/** Everything that an SDL defines, by its coordinate (`Payment`, `Payment.status`, `Query.payments(first:)`, `PaymentStatus.APPROVED`). */
export function coordinates(document: DocumentNode): Map<string, ASTNode> {
  const found = new Map<string, ASTNode>();
  const path: string[] = [];
  const put = (coordinate: string, node: ASTNode) => {
    if (!found.has(coordinate)) found.set(coordinate, node);
  };
  visit(document, {
    enter(node, _key, _parent, _path, ancestors) {
      if (!('name' in node) || !node.name || node.kind === Kind.NAMED_TYPE) return undefined;
      const name = node.name.value;
      if (/Type(Definition|Extension)$/.test(node.kind)) {
        path.splice(0, path.length, name);
        put(name, node);
      } else if (node.kind === Kind.FIELD_DEFINITION || node.kind === Kind.ENUM_VALUE_DEFINITION) {
        path.splice(1, path.length, name);
        put(`${path[0]}.${name}`, node);
      } else if (node.kind === Kind.INPUT_VALUE_DEFINITION) {
        const owner = ancestors.findLast((it) => !Array.isArray(it)) as ASTNode | undefined;
        if (owner?.kind === Kind.DIRECTIVE_DEFINITION) return undefined;
        put(owner?.kind === Kind.FIELD_DEFINITION ? `${path[0]}.${path[1]}(${name}:)` : `${path[0]}.${name}`, node);
      }
      return undefined;
    },
  });
  return found;
}

/** The coordinate of a node, or of what it stands in. */
export function coordinateOf(document: DocumentNode, node: ASTNode): string | undefined {
  const start = node.loc?.start;
  if (start === undefined) return undefined;
  let best: string | undefined;
  for (const [coordinate, { loc }] of coordinates(document)) {
    if (loc && loc.start <= start && start < loc.end) best = coordinate;
  }
  return best;
}
