import type { FetchNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import type { RequiredFields } from '../required-fields.ts';
import { documentOf, entityFields, namesIn, onlyFields, withoutFields } from './entity-fields.ts';

type Stands = Pick<RequiredFields, 'standIns' | 'requiredBy' | 'keys'>;

const allNamesIn = (selections: readonly QueryPlanSelectionNode[]): string[] =>
  selections.flatMap((node) => [...(node.kind === 'Field' ? [node.name] : []), ...allNamesIn(node.selections ?? [])]);

/**
 * A representation has one value of a field. Where a fetch requires one with different arguments (one of its fields needs `price(currency: "USD")`, another
 * `price(currency: "EUR")`) it becomes several, each with those fields that can be asked for together.
 */
export function splitConflicts(fetch: FetchNode, stands: Stands): FetchNode[] {
  const { standIns, requiredBy, keys } = stands;
  const required = new Set(allNamesIn(fetch.requires ?? []).filter((name) => standIns.has(name)));
  const fields = new Set([...required].map((name) => standIns.get(name)?.field));
  if (fields.size === required.size) return [fetch];

  const conflicts = (one: string, other: string) => one !== other && standIns.get(one)?.field === standIns.get(other)?.field;
  const groups: { needs: Set<string>; fields: Set<string> }[] = [{ needs: new Set(), fields: new Set() }];
  const document = documentOf(fetch.operation);
  const all = [...entityFields(document)];
  const neededBy = (names: readonly string[], name: string) => names.some((field) => requiredBy.get(field)?.has(name));
  const isOptional = (names: readonly string[], name: string) =>
    neededBy(names, name) && !names.some((field) => keys.get(field.slice(0, field.indexOf('.')))?.has(name));
  for (const name of all) {
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
    const { query, uses } = onlyFields(document, (name) => group.fields.has(name));
    const needless = namesIn(fetch.requires ?? []).filter((name) => isOptional(all, name) && !neededBy([...group.fields], name));
    const left = [...[...required].filter((name) => !group.needs.has(name)), ...needless];
    return {
      ...fetch,
      operation: query,
      variableUsages: fetch.variableUsages?.filter((name) => uses.has(name)),
      requires: withoutFields(fetch.requires ?? [], new Set(left)),
    };
  });
}
