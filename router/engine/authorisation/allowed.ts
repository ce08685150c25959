import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/**
 * A document to plan by, without the fields that are refused. A field of which nothing is left keeps an empty selection: whether there is an object is still asked.
 * Null when nothing is left of the operation.
 */
export function allowedOf(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  refused: { has(node: FieldNode): boolean },
): DocumentNode | null {
  const fragments = new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [])),
  );
  const made = new Map<string, FragmentDefinitionNode | null>();

  const fragmentOf = (name: string): FragmentDefinitionNode | null => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const fragment = fragments.get(name);
    const selectionSet = fragment && set(fragment.selectionSet);
    const left = fragment && selectionSet && selectionSet.selections.length > 0 ? { ...fragment, selectionSet } : null;
    made.set(name, left);
    return left;
  };

  const set = (from: SelectionSetNode): SelectionSetNode => ({
    ...from,
    selections: from.selections.flatMap((node) => selection(node) ?? []),
  });

  function selection(node: SelectionNode): SelectionNode | null {
    if (node.kind === Kind.FRAGMENT_SPREAD) return fragmentOf(node.name.value) && node;
    if (node.kind === Kind.FIELD && refused.has(node)) return null;
    if (!node.selectionSet) return node;
    const selectionSet = set(node.selectionSet);
    return node.kind === Kind.INLINE_FRAGMENT && selectionSet.selections.length === 0 ? null : { ...node, selectionSet };
  }

  const selectionSet = set(operation.selectionSet);
  if (selectionSet.selections.length === 0) return null;
  const left = [...made.values()].filter((fragment) => fragment !== null);
  return { ...document, definitions: [{ ...operation, selectionSet }, ...left] };
}
