import type { Data } from './data.ts';
import type { Request, Step } from './plan/compile.ts';
import { locate } from './plan/locate.ts';

/** What one request is sent about. */
export interface Batch {
  readonly request: Request;
  /** The objects that the answer goes into, those of each source after those of the one before. */
  readonly targets: readonly Data[];
  /** Which of the answered entities is a target's. */
  readonly entityOf: readonly number[];
  /** Where each source's targets end. */
  readonly ends: readonly number[];
  /** The entities' representations, each as JSON, each once; null where the request asks for no entities. */
  readonly representations: readonly string[] | null;
}

type Objects = readonly (readonly Data[])[];
/** Called with an object that has no representation. */
type Leave = (object: Data, source: number) => void;

/** An object that was represented, and which of the entities it is. */
interface Seen {
  readonly object: Data;
  readonly entity: number;
}

/** Whether two objects have the same in these fields, after the first. */
function isSame(one: Data, other: Data, fields: readonly string[]): boolean {
  for (let at = 1; at < fields.length; at++) {
    const field = fields[at] as string;
    if (one[field] !== other[field]) return false;
  }
  return true;
}

function batchOf(request: Request, objects: Objects, leave?: Leave): Batch {
  const targets: Data[] = [];
  const entityOf: number[] = [];
  const ends: number[] = [];
  const known = new Map<string, number>();
  const representations: string[] = [];

  const added = (representation: string): number => representations.push(representation) - 1;
  const entityFor = (representation: string): number => {
    let entity = known.get(representation);
    if (entity === undefined) {
      entity = added(representation);
      known.set(representation, entity);
    }
    return entity;
  };

  const { sources } = request;
  const sign = sources[0]?.represent?.sign ?? null;
  const isAlike = sign !== null && sources.every(({ represent }) => represent?.sign === sign);
  let seen = new Map<unknown, Map<unknown, Seen>>();
  for (let source = 0; source < objects.length; source++) {
    const represent = sources[source]?.represent ?? null;
    if (!isAlike) seen = new Map();
    let type: unknown;
    let fields: readonly string[] | null = null;
    let sameType: Map<unknown, Seen> | null = null;
    for (const object of objects[source] ?? []) {
      if (represent === null) {
        targets.push(object);
        entityOf.push(entityFor(''));
        continue;
      }
      // An entity that has been seen is found by what it is represented with, without writing that down.
      const { __typename: typename = represent.type } = object;
      if (sameType === null || typename !== type) {
        type = typename;
        fields = represent.fieldsOf(typename);
        sameType = seen.get(typename) ?? new Map();
        seen.set(typename, sameType);
      }
      const first = fields === null ? undefined : object[fields[0] as string];
      const same = fields === null ? undefined : sameType.get(first);
      if (same !== undefined && isSame(object, same.object, fields as readonly string[])) {
        targets.push(object);
        entityOf.push(same.entity);
        continue;
      }
      const representation = represent(object);
      if (representation === null) {
        leave?.(object, source);
        continue;
      }
      // Nobody but an object with the same in the first field can have the same representation.
      const entity = isAlike && fields !== null && same === undefined ? added(representation) : entityFor(representation);
      if (fields !== null) sameType.set(first, { object, entity });
      targets.push(object);
      entityOf.push(entity);
    }
    ends.push(targets.length);
  }
  return { request, targets, entityOf, ends, representations: request.entities ? representations : null };
}

/**
 * The requests that a step comes to with the data that is there: one as a rule, none when there is nothing to ask about, others for entities that lack
 * something that only some fields require.
 * @param shared whether one object is in several places of the data
 */
export function batchesOf(step: Step, data: Data, shared: boolean): Batch[] {
  const { lacking } = step;
  const objects = step.sources.map(({ steps }) => locate(data, steps, shared));
  const left = new Map<string, Data[][]>();
  const leave: Leave = (object, source) => {
    const key = lacking?.of(object, source) ?? '';
    const others = left.get(key) ?? objects.map(() => []);
    left.set(key, others);
    others[source]?.push(object);
  };
  const batches = [batchOf(step, objects, lacking ? leave : undefined)];
  for (const [key, others] of left) {
    const request = key === '' ? null : (lacking?.without(key) ?? null);
    if (request) batches.push(batchOf(request, others));
  }
  return batches.filter(({ targets }) => targets.length > 0);
}
