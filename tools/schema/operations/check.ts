import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { Check, Finding } from '../finding.ts';
import { compositionOf } from '../graphql/composition.ts';
import { checkCalls } from './calls.ts';
import { faults, judged, withoutName } from './judge.ts';
import { type Known, knownOperations, releasedOperations } from './known.ts';
import { hasOpenNames } from './usage.ts';

/** Every known operation is valid against the API, and every document from context to context against the SDL of who is called. */
export const checkOperations: Check = async (repository, base) => {
  const { api, sdls } = compositionOf(repository);
  const { findings, count } = checkCalls(sdls, repository, base);
  if (!api) return findings;
  const known = knownOperations(repository);
  findings.push(...judged(known, api, repository, 'operation'), ...withoutName(known));
  if (base) findings.push(...released(releasedOperations(base), known, api));
  return [...findings, counted(known, count)];
};

/** Operations that this change takes out of `schema/operations/` are still sent by the clients that are out there. */
function released(operations: readonly Known[], known: readonly Known[], api: GraphQLSchema): Finding[] {
  const still = new Set(known.map(({ at }) => at.file));
  return operations
    .filter(({ at, document }) => document && !still.has(at.file))
    .flatMap(({ title, document, at }) =>
      faults(api, document as DocumentNode).map(
        ({ message }): Finding => ({
          check: 'operations',
          rule: 'released-operation',
          severity: 'error',
          change: 'breaking',
          message: `${message} A released client asks for it.`,
          for: title,
          mend: 'take the operation out first, and what it used when no client sends it any more; or accept it in schema/accepted-changes.yaml',
          at: { file: at.file },
        }),
      ),
    );
}

/** How many there are, and which of them only a run would tell: nothing is dropped in silence. */
function counted(known: readonly Known[], calls: number): Finding {
  const open = known.filter(({ document, open }) => open && document && hasOpenNames(document));
  const places = [...new Set(open.map(({ at }) => `${at.file}:${at.line}`))];
  const but = `; ${places.length} of them have names that only a run tells, and are checked as far as they are known: ${places.join(', ')}`;
  const message = `${known.length} operations of clients and ${calls} documents from context to context were looked at${places.length > 0 ? but : ''}`;
  return { check: 'operations', rule: 'counted', severity: 'info', message };
}
