import { MANIFEST, persistedOperations } from '../../generate/persisted.ts';
import { ROLES, withRoles } from '../../generate/roles.ts';
import type { Check, Finding } from '../finding.ts';
import { compositionOf } from '../graphql/composition.ts';
import { syntaxError } from '../graphql/places.ts';
import { OPERATIONS } from '../operations/known.ts';
import type { Repository } from '../repository.ts';
import { explain } from './explain.ts';

/** The SDLs compose, and what is committed is what they compose to; the manifest has the operations as they are. */
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
  findings.push(...errors.map((error) => explain(error, sdls)), ...staleManifest(repository));
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

/** Operations that cannot be read are told by the check of operations. */
function staleManifest(repository: Repository): Finding[] {
  if (repository.files(OPERATIONS, '.graphql').length === 0 && !repository.exists(MANIFEST)) return [];
  let manifest: string;
  try {
    manifest = persistedOperations(repository);
  } catch {
    return [];
  }
  return stale(
    repository,
    MANIFEST,
    manifest,
    'a router that carries out known operations only would refuse them',
    'schema/operations/ says',
  );
}

function stale(repository: Repository, file: string, text: string, why: string, source = 'the SDLs compose to'): Finding[] {
  if (repository.exists(file) && repository.read(file) === text) return [];
  const message = repository.exists(file) ? `${file} is not what ${source}: ${why}` : `${file} is missing`;
  return [
    { check: 'compose', rule: 'out-of-date', severity: 'error', message, mend: 'npm run generate, and commit the file', at: { file } },
  ];
}
