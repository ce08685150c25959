import {
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type GraphQLUnionType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { Data } from './data.ts';

/** What has selections. */
export type Composite = GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType;

/** Fragments of a document, by name. */
export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/** Whether `@skip` and `@include` let it in; with null for the variables' values: whether they do whatever the values are. */
export function isIncluded(directives: readonly DirectiveNode[] | undefined, values: Data | null): boolean {
  if (!directives || directives.length === 0) return true;
  return directives.every(({ name, arguments: given }) => {
    if (name.value !== 'skip' && name.value !== 'include') return true;
    const value = given?.[0]?.value;
    if (value?.kind === Kind.BOOLEAN) return value.value === (name.value === 'include');
    if (value?.kind !== Kind.VARIABLE) return true;
    return values !== null && (values[value.name.value] === true) === (name.value === 'include');
  });
}

/** The fields that are selected of an object of that type, by response name, as graphql-js collects them: in the order in which they first appear. */
export function fieldsOf(
  schema: GraphQLSchema,
  type: Composite,
  selected: readonly SelectionSetNode[],
  fragments: Fragments,
  values: Data | null,
): Map<string, [FieldNode, ...FieldNode[]]> {
  const fields = new Map<string, [FieldNode, ...FieldNode[]]>();
  const applies = (condition: string | undefined): boolean => {
    if (condition === undefined || condition === type.name) return true;
    const wanted = schema.getType(condition);
    return isAbstractType(wanted) && (isObjectType(type) || isInterfaceType(type)) && schema.isSubType(wanted, type);
  };
  const spread = new Set<string>();
  const walk = ({ selections }: SelectionSetNode): void => {
    for (const node of selections) {
      if (!isIncluded(node.directives, values)) continue;
      if (node.kind === Kind.FIELD) {
        const key = node.alias?.value ?? node.name.value;
        const same = fields.get(key);
        if (same) same.push(node);
        else fields.set(key, [node]);
        continue;
      }
      if (node.kind === Kind.FRAGMENT_SPREAD) {
        if (spread.has(node.name.value)) continue;
        spread.add(node.name.value);
      }
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
      if (fragment && applies(fragment.typeCondition?.name.value)) walk(fragment.selectionSet);
    }
  };
  for (const set of selected) walk(set);
  return fields;
}

/** Whether what is selected of an object depends on which type of `type` it is: `__typename`, or a fragment on some of its types. */
export function dependsOnType(
  schema: GraphQLSchema,
  type: Composite,
  selected: readonly SelectionSetNode[],
  fragments: Fragments,
  values: Data,
): boolean {
  const own = fieldsOf(schema, type, selected, fragments, values);
  if ([...own.values()].some(([{ name }]) => name.value === '__typename')) return true;
  const possible = isAbstractType(type) ? schema.getPossibleTypes(type) : [];
  return possible.some((each) => fieldsOf(schema, each, selected, fragments, values).size > own.size);
}

/** The variables that decide about something in these selections. */
export function conditionsIn(selections: SelectionSetNode, fragments: Fragments): readonly string[] {
  const names = new Set<string>();
  const seen = new Set<string>();
  const look = (set: SelectionSetNode): void => {
    visit(set, {
      Directive({ name, arguments: given }) {
        const value = given?.[0]?.value;
        if ((name.value === 'skip' || name.value === 'include') && value?.kind === Kind.VARIABLE) names.add(value.name.value);
      },
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value);
        if (!fragment || seen.has(name.value)) return;
        seen.add(name.value);
        look(fragment.selectionSet);
      },
    });
  };
  look(selections);
  return [...names];
}
