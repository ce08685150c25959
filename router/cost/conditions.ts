import { type DirectiveNode, Kind } from 'graphql';
import { type Cost, costOf } from './cost.ts';

/** A variable, and what it has to be. */
export type Condition = readonly [variable: string, wanted: boolean];

/** The conditions of `@skip` and `@include`; null when what they stand at is never there. */
export function conditionsOf(directives: readonly DirectiveNode[] = []): readonly Condition[] | null {
  const conditions: Condition[] = [];
  for (const { name, arguments: given = [] } of directives) {
    if (name.value !== 'skip' && name.value !== 'include') continue;
    const wanted = name.value === 'include';
    const value = given[0]?.value;
    if (value?.kind === Kind.VARIABLE) conditions.push([value.name.value, wanted]);
    else if (value?.kind === Kind.BOOLEAN && value.value !== wanted) return null;
  }
  return conditions;
}

/** What something costs that is there under one of several conditions. */
export function where(alternatives: readonly (readonly Condition[])[], cost: Cost): Cost {
  if (cost === 0 || alternatives.some((conditions) => conditions.length === 0)) return cost;
  return (variables) =>
    alternatives.some((conditions) => conditions.every(([name, wanted]) => variables[name] === wanted)) ? costOf(cost, variables) : 0;
}
