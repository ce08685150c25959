import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import {
  type ASTNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
  stripIgnoredCharacters,
  visit,
} from 'graphql';

type Selections = readonly QueryPlanSelectionNode[];

/** A fetch's operation, and the fragments that it uses. */
export interface FetchDocument {
  readonly operation: OperationDefinitionNode;
  readonly fragments: readonly FragmentDefinitionNode[];
}

/** A fetch's only operation; null where it has fragments. */
export function operationIn(text: string): OperationDefinitionNode | null {
  const [operation, ...others] = parse(text, { noLocation: true }).definitions;
  return operation?.kind === Kind.OPERATION_DEFINITION && others.length === 0 ? operation : null;
}

/** A fetch's document, with the fragments at the level of the entities' own fields written out. */
export function documentOf(text: string): FetchDocument {
  const { definitions } = parse(text, { noLocation: true });
  const fragments = definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  const operation = definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (!operation) throw new Error('a fetch without an operation');
  const inline = (set: SelectionSetNode): SelectionSetNode => ({
    ...set,
    selections: set.selections.map((node): SelectionNode => {
      if (node.kind === Kind.FIELD) return node;
      if (node.kind === Kind.INLINE_FRAGMENT) return { ...node, selectionSet: inline(node.selectionSet) };
      const fragment = fragments.find(({ name }) => name.value === node.name.value);
      if (!fragment) return node;
      const { directives = [] } = node;
      return { kind: Kind.INLINE_FRAGMENT, typeCondition: fragment.typeCondition, directives, selectionSet: inline(fragment.selectionSet) };
    }),
  });
  const [field, ...others] = operation.selectionSet.selections;
  if (field?.kind !== Kind.FIELD || !field.selectionSet) return { operation, fragments };
  const selections = [{ ...field, selectionSet: inline(field.selectionSet) }, ...others];
  return { operation: { ...operation, selectionSet: { ...operation.selectionSet, selections } }, fragments };
}

/** The names (`Type.field`) of what is asked of the entities, not of what is asked below that. */
export function entityFields({ operation }: FetchDocument): ReadonlySet<string> {
  const names = new Set<string>();
  filtered(operation, (name) => names.add(name).size > 0);
  return names;
}

/** The fetch with only some of what it asks of the entities, and the names of the variables that this uses. */
export function onlyFields({ operation, fragments }: FetchDocument, keep: (name: string) => boolean) {
  const kept = filtered(operation, keep);
  const spread = new Set<string>();
  const look = (node: ASTNode): void => {
    visit(node, {
      FragmentSpread({ name }) {
        const fragment = fragments.find((each) => each.name.value === name.value);
        if (!fragment || spread.has(name.value)) return;
        spread.add(name.value);
        look(fragment);
      },
    });
  };
  look(kept);
  const left = fragments.filter(({ name }) => spread.has(name.value));
  const uses = new Set<string>();
  for (const node of [kept.selectionSet, ...left]) visit(node, { Variable: ({ name }) => void uses.add(name.value) });
  const variableDefinitions = kept.variableDefinitions?.filter(({ variable }) => uses.has(variable.name.value));
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [{ ...kept, variableDefinitions }, ...left] };
  return { query: stripIgnoredCharacters(print(document)), uses };
}

function filtered(operation: OperationDefinitionNode, keep: (name: string) => boolean): OperationDefinitionNode {
  const below = (set: SelectionSetNode, type: string): SelectionSetNode => ({
    ...set,
    selections: set.selections.flatMap((node): SelectionNode[] => {
      if (node.kind === Kind.FIELD) return keep(`${type}.${node.name.value}`) ? [node] : [];
      if (node.kind === Kind.FRAGMENT_SPREAD) return [node];
      const selectionSet = below(node.selectionSet, node.typeCondition?.name.value ?? type);
      return selectionSet.selections.length === 0 ? [] : [{ ...node, selectionSet }];
    }),
  });
  const [field] = operation.selectionSet.selections;
  if (field?.kind !== Kind.FIELD || !field.selectionSet) return operation;
  const selections = [{ ...field, selectionSet: below(field.selectionSet, '') }];
  return { ...operation, selectionSet: { ...operation.selectionSet, selections } };
}

/** What a fetch requires, without the fields of those names. */
export const withoutFields = (selections: Selections, names: ReadonlySet<string>): QueryPlanSelectionNode[] =>
  selections.flatMap((node) => {
    if (node.kind === 'Field' && names.has(node.name)) return [];
    if (!node.selections) return [node];
    const left = withoutFields(node.selections, names);
    return left.length === 0 ? [] : [{ ...node, selections: left }];
  });

/** What a fetch requires of the fields of that name, whatever the type is. */
export const onlyField = (selections: Selections, name: string): QueryPlanSelectionNode[] =>
  selections.flatMap((node): QueryPlanSelectionNode[] => {
    if (node.kind === 'Field') return node.name === name ? [node] : [];
    const left = onlyField(node.selections, name);
    return left.length === 0 ? [] : [{ ...node, selections: left }];
  });

/** The names of what a fetch requires of its entities. */
export const namesIn = (selections: Selections): string[] =>
  selections.flatMap((node) => (node.kind === 'Field' ? node.name : namesIn(node.selections)));
