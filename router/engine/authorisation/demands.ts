import {
  type FieldNode,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Composite, Fragments } from '../selections.ts';
import type { Authorisation, RuleSet } from './rules.ts';

/** What an operation needs. */
export interface Demands {
  /** All rules that some field of it is under. */
  readonly rules: readonly number[];
  /** The fields that are under rules; no others. */
  readonly fields: ReadonlyMap<FieldNode, RuleSet>;
}

/** What is needed for an operation's fields; null where nothing is. */
export function demandsOf(
  authorisation: Authorisation,
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: Fragments,
): Demands | null {
  const root = schema.getRootType(operation.operation);
  if (authorisation.rules.length === 0 || !root) return null;
  const fields = new Map<FieldNode, RuleSet>();
  const walked = new Set<string>();

  const typeOf = (name: string | undefined, otherwise: Composite): Composite => {
    const type = name === undefined ? otherwise : schema.getType(name);
    return isCompositeType(type) ? type : otherwise;
  };

  /** The abstract types of which fields are asked for, whatever the object is, below a field that answers with one. */
  function abstractIn(set: SelectionSetNode, type: Composite, found: Set<string>, seen: Set<string>): Set<string> {
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) {
        if (node.name.value !== '__typename' && isAbstractType(type)) found.add(type.name);
        continue;
      }
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
      if (node.kind === Kind.FRAGMENT_SPREAD && seen.has(node.name.value)) continue;
      if (node.kind === Kind.FRAGMENT_SPREAD) seen.add(node.name.value);
      if (fragment) abstractIn(fragment.selectionSet, typeOf(fragment.typeCondition?.name.value, type), found, seen);
    }
    return found;
  }

  function field(node: FieldNode, type: Composite): void {
    if (isUnionType(type)) return;
    const answers = getNamedType(type.getFields()[node.name.value]?.type);
    let rules = authorisation.ofField(type.name, node.name.value);
    if (node.selectionSet && isAbstractType(answers))
      for (const name of abstractIn(node.selectionSet, answers, new Set(), new Set())) rules = rules.union(authorisation.ofMembers(name));
    if (rules.size > 0) fields.set(node, rules);
    if (node.selectionSet && isCompositeType(answers)) walk(node.selectionSet, answers);
  }

  function walk(set: SelectionSetNode, type: Composite): void {
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) {
        if (!node.name.value.startsWith('__')) field(node, type);
        continue;
      }
      if (node.kind === Kind.FRAGMENT_SPREAD && walked.has(node.name.value)) continue;
      if (node.kind === Kind.FRAGMENT_SPREAD) walked.add(node.name.value);
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
      if (fragment) walk(fragment.selectionSet, typeOf(fragment.typeCondition?.name.value, type));
    }
  }

  walk(operation.selectionSet, root);
  if (fields.size === 0) return null;
  return { rules: [...new Set([...fields.values()].flatMap((each) => [...each]))].sort((one, other) => one - other), fields };
}
