import type { Check } from '../finding.ts';
import { compositionOf } from '../graphql/composition.ts';
import { connections, lists, paging, subscriptions } from './connections.ts';
import { deprecations } from './deprecations.ts';
import { descriptions, internals, refusals } from './descriptions.ts';
import { inputNames, mutationInput, names } from './names.ts';
import { booleans, ids, listItems, mutationResult } from './nullability.ts';
import { findingOf, type Rule, subjectOf } from './sdl.ts';
import { idlePublicFields, publicFields, whoMayAsk } from './who-may-ask.ts';

/** All rules of style. */
export const RULES: readonly Rule[] = [
  descriptions,
  refusals,
  internals,
  whoMayAsk,
  names,
  inputNames,
  mutationInput,
  deprecations,
  connections,
  paging,
  lists,
  subscriptions,
  listItems,
  ids,
  mutationResult,
  booleans,
];

/** Each SDL keeps to the rules of style. */
export const checkStyle: Check = async (repository) => {
  const listed = publicFields(repository);
  const { sdls, unreadable } = compositionOf(repository);
  const subjects = sdls.map((sdl) => subjectOf(sdl, listed));
  const findings = subjects.flatMap((subject) => RULES.flatMap((rule) => rule.look(subject).map((remark) => findingOf(rule, remark))));
  // A field that is not found may be in what could not be read.
  return unreadable.length > 0 ? findings : [...findings, ...idlePublicFields(subjects, listed)];
};
