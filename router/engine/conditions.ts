import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

const isCondition = ({ name }: DirectiveNode): boolean => name.value === 'skip' || name.value === 'include';

/** Of a condition without a variable: whether it holds. */
function holds(directive: DirectiveNode): boolean | undefined {
  const value = isCondition(directive) ? directive.arguments?.[0]?.value : undefined;
  return value?.kind === Kind.BOOLEAN ? value.value === (directive.name.value === 'include') : undefined;
}

/**
 * A document for the planner, which forgets a field when nothing is left below it, and takes a condition on everything below a field for one on the field:
 * `@include(if: true)` and the like are carried out, and an object of which every field is conditional is asked for its `__typename` too.
 */
export function plannable(document: DocumentNode, schema: GraphQLSchema): DocumentNode {
  const roots = new Set([schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].map((type) => type?.name));

  function set(from: SelectionSetNode, isRoot: boolean): SelectionSetNode {
    const selections = from.selections.flatMap((node) => selection(node, isRoot) ?? []);
    const isOptional = selections.every(({ directives = [] }) => directives.some(isCondition));
    return { ...from, selections: selections.length === 0 || (isOptional && !isRoot) ? [...selections, TYPENAME] : selections };
  }

  function selection(node: SelectionNode, isRoot: boolean): SelectionNode | null {
    const { directives = [] } = node;
    if (directives.some((each) => holds(each) === false)) return null;
    const left = { directives: directives.filter((each) => holds(each) === undefined) };
    if (node.kind === Kind.FRAGMENT_SPREAD) return { ...node, ...left };
    if (node.kind === Kind.INLINE_FRAGMENT) return { ...node, ...left, selectionSet: set(node.selectionSet, isRoot) };
    return node.selectionSet ? { ...node, ...left, selectionSet: set(node.selectionSet, false) } : { ...node, ...left };
  }

  const definition = <Node extends OperationDefinitionNode | FragmentDefinitionNode>(node: Node): Node => {
    const isRoot = node.kind === Kind.OPERATION_DEFINITION || roots.has(node.typeCondition.name.value);
    return { ...node, selectionSet: set(node.selectionSet, isRoot) };
  };
  return {
    ...document,
    definitions: document.definitions.map((node) =>
      node.kind === Kind.OPERATION_DEFINITION || node.kind === Kind.FRAGMENT_DEFINITION ? definition(node) : node,
    ),
  };
}
