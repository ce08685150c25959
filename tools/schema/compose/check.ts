import { ROLES, withRoles } from '../../generate/roles.ts';
import type { Check, Finding } from '../finding.ts';
import { compositionOf } from '../graphql/composition.ts';
import { syntaxError } from '../graphql/places.ts';
import type { Repository } from '../repository.ts';
import { explain } from './explain.ts';

/** The SDLs compose, and what is committed is what they compose to. */
export const checkComposition: Check = async (repository) => {
  const { sdls, unreadable, errors, composed } = compositionOf(repository);
  const findings: Finding[] = unreadable.map((error) => {
    const { message, at } = syntaxError(error);
    return {
      check: 'compose',
      rule: 'syntax',
      severity: 'error',
      message,
      mend: 'correct the SDL; nothing else could be looked at',
      ...(at && { at }),
    };
  });
  findings.push(...errors.map((error) => explain(error, sdls)));
  if (!composed) return findings;
  for (const hint of composed.hints) findings.push({ check: 'compose', rule: 'hint', severity: 'warning', message: hint });
  return [
    ...findings,
    ...stale(repository, 'schema/supergraph.graphql', composed.supergraph, 'the router would serve another schema than the SDLs say'),
    ...stale(repository, 'schema/api.graphql', composed.api, 'clients would be told of another API than there is'),
    ...staleRoles(repository, composed.supergraph),
  ];
};

function staleRoles(repository: Repository, supergraph: string): Finding[] {
  if (!repository.exists(ROLES)) return [];
  return stale(repository, ROLES, withRoles(repository.read(ROLES), supergraph), 'its table says something else of who may ask');
}

function stale(repository: Repository, file: string, text: string, why: string): Finding[] {
  if (repository.exists(file) && repository.read(file) === text) return [];
  const message = repository.exists(file) ? `${file} is not what the SDLs compose to: ${why}` : `${file} is missing`;
  return [
    { check: 'compose', rule: 'out-of-date', severity: 'error', message, mend: 'npm run generate, and commit the file', at: { file } },
  ];
}
