import type { Data } from '../data.ts';
import { type Knowledge, type RequestNode, representing } from './dag.ts';
import { documentOf, entityFields, namesIn, onlyField, onlyFields, withoutFields } from './entity-fields.ts';

/**
 * What becomes of entities that lack something which only some of a request's fields require: it was left out by `@skip` or `@include`, it is there for
 * other types only, or the subgraph that has it did not answer. They are asked for the other fields, by a request of their own.
 */
export interface Lacking<Request> {
  /** Which of the requirements an object at that source lacks; empty when it is not for these that it has no representation. */
  of(entity: Data, source: number): string;
  /** The request without those requirements, and without what needs them; null when nothing is left of it. */
  without(lacking: string): Request | null;
}

/**
 * Null where all of the fields need all that is required.
 * @param ready makes a request of a node
 */
export function compileLacking<Request>(
  node: RequestNode,
  knowledge: Knowledge,
  ready: (node: RequestNode) => Request,
): Lacking<Request> | null {
  const { requiredBy, keys } = knowledge.stands;
  const required = new Set(node.sources.flatMap(({ requires }) => namesIn(requires ?? [])));
  if (!node.entities || required.size < 2) return null;
  const document = documentOf(node.query);
  const fields = [...entityFields(document)];
  const types = new Set(fields.map((name) => name.slice(0, name.indexOf('.'))));
  const isKey = (name: string) => name === '__typename' || [...types].some((type) => keys.get(type)?.has(name));
  const needs = (field: string, name: string) => requiredBy.get(field)?.has(name) === true;
  const optional = [...required].filter((name) => {
    const users = fields.filter((field) => needs(field, name)).length;
    return users > 0 && users < fields.length && !isKey(name);
  });
  if (optional.length === 0) return null;

  const tests = node.sources.map((source) =>
    optional.map((name) => ({
      name,
      has: representing({ requires: onlyField(source.requires ?? [], name), inputRewrites: [], type: source.type }, knowledge),
    })),
  );
  const known = new Map<string, Request | null>();

  function made(lacking: ReadonlySet<string>): Request | null {
    const left = fields.filter((field) => ![...lacking].some((name) => needs(field, name)));
    if (left.every((field) => field.endsWith('.__typename'))) return null;
    const { query, uses } = onlyFields(document, (field) => left.includes(field));
    const sources = node.sources.map((source) => {
      const requires = withoutFields(source.requires ?? [], lacking);
      return { ...source, requires, represent: representing({ ...source, requires }, knowledge) };
    });
    return ready({ ...node, query, sources, variables: node.variables.filter((name) => uses.has(name)) });
  }

  return {
    of: (entity, source) =>
      (tests[source] ?? [])
        .filter(({ has }) => has(entity) === null)
        .map(({ name }) => name)
        .join(),
    without(lacking) {
      let without = known.get(lacking);
      if (without === undefined) {
        without = made(new Set(lacking.split(',')));
        known.set(lacking, without);
      }
      return without;
    },
  };
}
