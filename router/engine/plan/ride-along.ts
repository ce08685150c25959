import { type FieldNode, Kind, print, type SelectionSetNode, stripIgnoredCharacters } from 'graphql';
import type { RequestNode } from './dag.ts';
import { namesIn, operationIn } from './entity-fields.ts';

const pathsOf = ({ sources }: RequestNode): string =>
  sources
    .map(({ path }) => path.join('.'))
    .sort()
    .join(' ');

/** What two requests must have in common. */
const keyOf = (node: RequestNode): string => JSON.stringify([node.subgraph, node.guards, pathsOf(node)]);

const requiredIn = ({ sources }: RequestNode): Set<string> => new Set(sources.flatMap(({ requires }) => namesIn(requires ?? [])));

const rewritesIn = ({ sources }: RequestNode): string => JSON.stringify(sources.map(({ inputRewrites }) => inputRewrites));

/** Whether the later request sends all that the other one needs, about the same entities. */
function canCarry(later: RequestNode, rider: RequestNode): boolean {
  if (later === rider || !later.entities || later.outputRewrites || later.depth < rider.depth) return false;
  return keyOf(later) === keyOf(rider) && rewritesIn(later) === rewritesIn(rider) && requiredIn(rider).isSubsetOf(requiredIn(later));
}

/**
 * A request for entities that nobody waits for rides along with a later one to the same subgraph about the same entities: the answer as a whole is not there
 * earlier without it. One failure then hides more.
 */
export function rideAlong(nodes: readonly RequestNode[]): RequestNode[] {
  const left = [...nodes];
  for (const rider of nodes) {
    const isAwaited = left.some(({ after }) => after.has(rider));
    if (!rider.entities || rider.outputRewrites || isAwaited) continue;
    for (const later of left) {
      const query = canCarry(later, rider) ? together(later.query, rider.query) : null;
      if (query === null) continue;
      later.query = query;
      later.after = later.after.union(rider.after);
      later.variables = [...new Set([...later.variables, ...rider.variables])];
      left.splice(left.indexOf(rider), 1);
      break;
    }
  }
  return left;
}

/** One operation for both; null where they have fragments, or might call two things the same. */
function together(one: string, other: string): string | null {
  const [first, second] = [operationIn(one), operationIn(other)];
  const [own] = (first?.selectionSet.selections ?? []) as FieldNode[];
  const [added] = (second?.selectionSet.selections ?? []) as FieldNode[];
  if (!first || !second || !own?.selectionSet || !added?.selectionSet) return null;
  if (!responseNames(own.selectionSet).isDisjointFrom(responseNames(added.selectionSet))) return null;
  const variables = [...(first.variableDefinitions ?? []), ...(second.variableDefinitions ?? [])];
  const variableDefinitions = [...new Map(variables.map((each) => [each.variable.name.value, each])).values()];
  const selections = [...own.selectionSet.selections, ...added.selectionSet.selections];
  const entities = { ...own, selectionSet: { ...own.selectionSet, selections } };
  return stripIgnoredCharacters(print({ ...first, variableDefinitions, selectionSet: { ...first.selectionSet, selections: [entities] } }));
}

function responseNames(set: SelectionSetNode): Set<string> {
  const names = set.selections.flatMap((node) => {
    if (node.kind === Kind.FIELD) return node.name.value === '__typename' && !node.alias ? [] : [node.alias?.value ?? node.name.value];
    return node.kind === Kind.INLINE_FRAGMENT ? [...responseNames(node.selectionSet)] : [];
  });
  return new Set(names);
}
