import type { FetchNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import {
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { RequiredFields } from '../required-fields.ts';

type Stands = Pick<RequiredFields, 'standIns' | 'requiredBy'>;

const namesIn = (selections: readonly QueryPlanSelectionNode[]): string[] =>
  selections.flatMap((node) => [...(node.kind === 'Field' ? [node.name] : []), ...namesIn(node.selections ?? [])]);

/**
 * A representation has one value of a field. Where a fetch requires one with different arguments (one of its fields needs `price(currency: "USD")`, another
 * `price(currency: "EUR")`) it becomes several, each with those fields that can be asked for together.
 */
export function splitConflicts(fetch: FetchNode, stands: Stands): FetchNode[] {
  const { standIns, requiredBy } = stands;
  const required = new Set(namesIn(fetch.requires ?? []).filter((name) => standIns.has(name)));
  const fields = new Set([...required].map((name) => standIns.get(name)?.field));
  if (fields.size === required.size) return [fetch];

  const conflicts = (one: string, other: string) => one !== other && standIns.get(one)?.field === standIns.get(other)?.field;
  const groups: { needs: Set<string>; fields: Set<string> }[] = [{ needs: new Set(), fields: new Set() }];
  for (const name of entityFields(fetch.operation)) {
    const needs = [...(requiredBy.get(name) ?? [])].filter((each) => required.has(each));
    let group = groups.find((each) => needs.every((need) => ![...each.needs].some((other) => conflicts(need, other))));
    if (!group) {
      group = { needs: new Set(), fields: new Set() };
      groups.push(group);
    }
    for (const need of needs) group.needs.add(need);
    group.fields.add(name);
  }
  return groups.map((group) => {
    const operation = onlyFields(fetch.operation, group.fields);
    const left = [...required].filter((name) => !group.needs.has(name));
    return {
      ...fetch,
      operation: print(operation),
      variableUsages: fetch.variableUsages?.filter((name) => usedIn(operation).has(name)),
      requires: without(fetch.requires ?? [], new Set(left)),
    };
  });
}

function without(selections: readonly QueryPlanSelectionNode[], names: ReadonlySet<string>): QueryPlanSelectionNode[] {
  return selections.flatMap((node) => {
    if (node.kind === 'Field' && names.has(node.name)) return [];
    if (!node.selections) return [node];
    const selections = without(node.selections, names);
    return selections.length === 0 ? [] : [{ ...node, selections }];
  });
}

function operationIn(text: string): OperationDefinitionNode {
  const [operation, ...others] = parse(text, { noLocation: true }).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION || others.length > 0) throw new Error('a fetch with fragments is not supported');
  return operation;
}

/** `Type.field` of what is asked of the entities. */
function entityFields(text: string): Set<string> {
  const names = new Set<string>();
  eachField(operationIn(text).selectionSet, (name) => {
    names.add(name);
    return true;
  });
  return names;
}

function eachField(entities: SelectionSetNode, keep: (name: string, field: FieldNode) => boolean): SelectionSetNode {
  const filtered = (set: SelectionSetNode, type: string): SelectionSetNode => ({
    ...set,
    selections: set.selections.flatMap((node): SelectionNode[] => {
      if (node.kind === Kind.FIELD) return keep(`${type}.${node.name.value}`, node) ? [node] : [];
      if (node.kind === Kind.FRAGMENT_SPREAD) return [node];
      const selectionSet = filtered(node.selectionSet, node.typeCondition?.name.value ?? type);
      return selectionSet.selections.length === 0 ? [] : [{ ...node, selectionSet }];
    }),
  });
  const [field] = entities.selections;
  if (field?.kind !== Kind.FIELD || !field.selectionSet) return entities;
  return { ...entities, selections: [{ ...field, selectionSet: filtered(field.selectionSet, '') }] };
}

function onlyFields(text: string, names: ReadonlySet<string>): OperationDefinitionNode {
  const operation = operationIn(text);
  const kept = { ...operation, selectionSet: eachField(operation.selectionSet, (name) => names.has(name)) };
  const used = usedIn(kept);
  return { ...kept, variableDefinitions: kept.variableDefinitions?.filter(({ variable }) => used.has(variable.name.value)) };
}

function usedIn({ selectionSet }: OperationDefinitionNode): ReadonlySet<string> {
  const names = new Set<string>();
  visit(selectionSet, { Variable: ({ name }) => void names.add(name.value) });
  return names;
}
