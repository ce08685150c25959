import {
  type FieldNode,
  type GraphQLFormattedError,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  getDirectiveValues,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql';
import type { Variables } from './engine.ts';

type Path = readonly (string | number)[];
type Named = { readonly field: string; readonly path: Path };

/** More of the same would tell nothing new. */
const MOST = 25;

const nameOf = (field: FieldNode): string => field.alias?.value ?? field.name.value;

function fieldsIn(selections: SelectionSetNode | undefined, variables: Variables, typename?: string): FieldNode[] {
  return (selections?.selections ?? []).flatMap((node) => {
    if (getDirectiveValues(GraphQLSkipDirective, node, variables)?.if === true) return [];
    if (getDirectiveValues(GraphQLIncludeDirective, node, variables)?.if === false) return [];
    if (node.kind === Kind.FIELD) return node.name.value === '__typename' ? [] : [node];
    if (node.kind !== Kind.INLINE_FRAGMENT) return [];
    const on = node.typeCondition?.name.value;
    return typename === undefined || on === undefined || on === typename ? fieldsIn(node.selectionSet, variables, typename) : [];
  });
}

/** The fields that a subgraph was asked for, with their paths in its answer. */
export function askedFor(query: string, variables: Variables): Named[] {
  const operation = parse(query).definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const roots = fieldsIn(operation?.selectionSet, variables);
  const representations = variables.representations;
  if (!Array.isArray(representations)) return roots.map((field) => ({ field: field.name.value, path: [nameOf(field)] }));
  return representations.flatMap((representation: { __typename?: string }, index) => {
    const own = fieldsIn(roots[0]?.selectionSet, variables, representation.__typename);
    const fields = own.length > 0 ? own : fieldsIn(roots[0]?.selectionSet, variables);
    // The type of an interface object, of which nothing else is asked.
    if (fields.length === 0) return [{ field: '__typename', path: ['_entities', index] }];
    return fields.map((field) => ({ field: field.name.value, path: ['_entities', index, nameOf(field)] }));
  });
}

/**
 * The errors for a request that a subgraph has not answered: one for each field that is missing now, naming the field and no host.
 * A mutation that may have arrived is told apart (SUBGRAPH_UNAVAILABLE): its outcome is unknown.
 */
export function unanswered(
  query: string,
  variables: Variables,
  outcomeUnknown: boolean,
  retryAfterSeconds: number,
): GraphQLFormattedError[] {
  return askedFor(query, variables)
    .slice(0, MOST)
    .map(({ field, path }) => ({
      message: outcomeUnknown
        ? `"${field}" gave no answer; whether it was done is unknown. Look before you repeat it, or repeat it with the same idempotencyKey.`
        : `"${field}" is not available at the moment. 잠시 후 다시 시도해 주세요.`,
      path,
      extensions: { code: outcomeUnknown ? 'SUBGRAPH_UNAVAILABLE' : 'TRY_AGAIN_LATER', field, retryAfterSeconds },
    }));
}
