import type { Check, Finding } from '../finding.ts';
import { compositionOf } from '../graphql/composition.ts';
import { checkCalls } from './calls.ts';
import { judged, withoutName } from './judge.ts';
import { type Known, knownOperations } from './known.ts';
import { hasOpenNames } from './usage.ts';

/** Every known operation is valid against the API, and every document from context to context against the SDL of who is called. */
export const checkOperations: Check = async (repository) => {
  const { api, sdls } = compositionOf(repository);
  const { findings, count } = checkCalls(sdls, repository);
  if (!api) return findings;
  const known = knownOperations(repository);
  findings.push(...judged(known, api, repository, 'operation'), ...withoutName(known));
  return [...findings, counted(known, count)];
};

/** How many there are, and which of them only a run would tell: nothing is dropped in silence. */
function counted(known: readonly Known[], calls: number): Finding {
  const open = known.filter(({ document, open }) => open && document && hasOpenNames(document));
  const places = [...new Set(open.map(({ at }) => `${at.file}:${at.line}`))];
  const but = `; ${places.length} of them have names that only a run tells, and are checked as far as they are known: ${places.join(', ')}`;
  const message = `${known.length} operations of clients and ${calls} documents from context to context were looked at${places.length > 0 ? but : ''}`;
  return { check: 'operations', rule: 'counted', severity: 'info', message };
}
