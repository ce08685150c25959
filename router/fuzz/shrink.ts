import { type ASTNode, type DocumentNode, type GraphQLSchema, Kind, parse, print, validate, visit } from 'graphql';
import type { Operation } from './operations.ts';

/** How often an operation is tried in a smaller form. */
const ATTEMPTS = 400;

/** The document without its `nth` selection, directive or fragment; null when it has no such. */
function without(document: DocumentNode, nth: number): DocumentNode | null {
  let at = 0;
  const cut = (node: ASTNode): null | undefined => (node && at++ === nth ? null : undefined);
  const smaller = visit(document, {
    Field: cut,
    InlineFragment: cut,
    FragmentSpread: cut,
    Directive: cut,
    Argument: cut,
    VariableDefinition: cut,
  });
  if (at <= nth) return null;
  const used = new Set<string>();
  visit(smaller, {
    FragmentSpread: ({ name }) => void used.add(name.value),
    Argument: ({ value }) => void (value.kind === Kind.VARIABLE && used.add(`$${value.name.value}`)),
  });
  return visit(smaller, {
    FragmentDefinition: ({ name }) => (used.has(name.value) ? undefined : null),
    VariableDefinition: ({ variable }) => (used.has(`$${variable.name.value}`) ? undefined : null),
  });
}

/** The smallest operation that is found for which `differs` still holds. */
export async function shrink(
  schema: GraphQLSchema,
  operation: Operation,
  differs: (smaller: Operation) => Promise<boolean>,
): Promise<Operation> {
  let smallest = operation;
  let attempts = 0;
  for (let nth = 0; attempts < ATTEMPTS; ) {
    const document = without(parse(smallest.query), nth);
    if (!document) break;
    const smaller = { ...smallest, query: print(document) };
    const valid = isValid(schema, smaller.query);
    if (valid) attempts++;
    if (valid && (await differs(smaller))) smallest = smaller;
    else nth++;
  }
  return smallest;
}

function isValid(schema: GraphQLSchema, query: string): boolean {
  try {
    return validate(schema, parse(query)).length === 0;
  } catch {
    return false;
  }
}
