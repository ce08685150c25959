import { type Change, CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema, type GraphQLSchema, isInterfaceType, isObjectType, parse, Source } from 'graphql';
import { executableSchema, type Sdl } from '../../generate/sdl.ts';
import type { Check, Finding, Place } from '../finding.ts';
import { compositionOf } from '../graphql/composition.ts';
import { fromText, knownOperations, releasedOperations } from '../operations/known.ts';
import type { Base, Repository } from '../repository.ts';
import { authorisationChanges } from './authorisation.ts';
import { mendOf } from './mends.ts';
import { placesIn } from './places.ts';
import { coordinateOfChange, reachOf, type Users, usersOf } from './users.ts';

const API = 'schema/api.graphql';
const SUPERGRAPH = 'schema/supergraph.graphql';

/** Every change of the API since the base, and of what contexts have for each other only; what breaks a known operation is an error. */
export const checkChanges: Check = async (repository, base) => {
  const { api, sdls, composed } = compositionOf(repository);
  const text = base?.read(API);
  if (!base || !api || text === undefined) return [];
  const before = buildSchema(text);
  const operations = [...knownOperations(repository), ...releasedOperations(base)];
  const judge = { place: placesIn(sdls, base), users: usersOf(before, operations) };
  const changes = await changesBetween(before, api);
  const internal = await Promise.all(sdls.map((sdl) => internalChanges(sdl, repository, base, judge.place)));
  const guarded = base.read(SUPERGRAPH);
  const guards = guarded && composed ? authorisationChanges(guarded, composed.supergraph, keptFields(before, api), judge) : [];
  return [...changes.map((change) => finding(change, judge, 'no known operation uses it')), ...guards, ...internal.flat()];
};

/** The fields that were there and are. */
function keptFields(before: GraphQLSchema, after: GraphQLSchema): string[] {
  return Object.values(before.getTypeMap()).flatMap((type) => {
    const now = after.getType(type.name);
    if (type.name.startsWith('__') || !(isObjectType(type) || isInterfaceType(type)) || !(isObjectType(now) || isInterfaceType(now)))
      return [];
    return Object.keys(type.getFields()).flatMap((name) => (now.getFields()[name] ? `${type.name}.${name}` : []));
  });
}

interface Judge {
  readonly place: (coordinate: string) => Place | undefined;
  readonly users: Users;
}

async function changesBetween(before: GraphQLSchema, after: GraphQLSchema): Promise<Change[]> {
  const changes = await diff(before, after);
  const added = new Set(changes.flatMap(({ type, path }) => (/_ADDED$/.test(type) && !/DESCRIPTION/.test(type) ? [path] : [])));
  // What a directive does to clients (deprecation) is told as a change of its own; what is new is told once.
  return changes.filter(({ type, path }) => !type.startsWith('DIRECTIVE_USAGE') && !(/DESCRIPTION/.test(type) && added.has(path)));
}

function kindOf({ type, criticality }: Change): 'safe' | 'dangerous' | 'breaking' {
  if (criticality.level === CriticalityLevel.Breaking) return 'breaking';
  // Something more that may be given and need not be: that is how an API is to grow.
  if (type === 'FIELD_ARGUMENT_ADDED' || type === 'INPUT_FIELD_ADDED') return 'safe';
  return criticality.level === CriticalityLevel.Dangerous ? 'dangerous' : 'safe';
}

function finding(change: Change, { place, users }: Judge, nobody: string, where = ''): Finding {
  const { reason } = change.criticality;
  const kind = kindOf(change);
  const used = kind === 'safe' ? [] : users(reachOf(change));
  const at = place(coordinateOfChange(change));
  const severity = used.length === 0 ? 'info' : kind === 'breaking' ? 'error' : 'warning';
  return {
    check: 'compare',
    rule: String(change.type).toLowerCase().replaceAll('_', '-'),
    severity,
    change: kind,
    message: `${where}${change.message}`,
    ...(kind !== 'safe' && { for: used.length > 0 ? listed(used) : nobody }),
    ...(severity === 'error' && { mend: mendOf(String(change.type)) }),
    ...(severity === 'warning' && { mend: reason ?? 'make sure that those who use it can live with it' }),
    ...(at && { at }),
  };
}

const MOST = 6;

function listed(names: readonly string[]): string {
  return names.length <= MOST ? names.join('; ') : `${names.slice(0, MOST).join('; ')}; and ${names.length - MOST} more`;
}

/** What other contexts call, whether clients see it or not: the released callers run on while this is rolled out, and send what they did. */
async function internalChanges(sdl: Sdl, repository: Repository, base: Base, place: Judge['place']): Promise<Finding[]> {
  const { context, file } = sdl;
  const text = base.read(file);
  if (text === undefined || text === repository.read(file)) return [];
  const before = executableSchema({ context, file, document: parse(new Source(text, file)) });
  const calls = new Set([
    ...base.files('subgraphs', `/adapters/${context}.graphql`),
    ...repository.files('subgraphs', `${context}.graphql`).filter((it) => it.endsWith(`/adapters/${context}.graphql`)),
  ]);
  const documents = [...calls].flatMap((it) => fromText(base.read(it) ?? repository.read(it), it));
  const users = usersOf(before, documents);
  const changes = await changesBetween(before, executableSchema(sdl));
  // Only what a context calls is anybody's business here: the rest is composition's.
  return changes
    .filter((change) => users(reachOf(change)).length > 0)
    .map((change) => finding(change, { place, users }, 'no context calls it', `${context}, inside: `));
}
