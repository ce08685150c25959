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

function batchOf(request: Request, objects: Objects, leave?: Leave): Batch {
  const targets: Data[] = [];
  const entityOf: number[] = [];
  const ends: number[] = [];
  const known = new Map<string, number>();
  objects.forEach((found, source) => {
    const represent = request.sources[source]?.represent ?? null;
    const seen = new Map<unknown, Map<unknown, number>>();
    for (const object of found) {
      // Most entities are told apart by one key: then the same ones are found without writing them down.
      const key = represent === null ? null : represent.keyOf(object.__typename);
      let sameType = key === null ? undefined : seen.get(object.__typename);
      let entity = key === null ? undefined : sameType?.get(object[key]);
      if (entity === undefined) {
        const representation = represent === null ? '' : represent(object);
        if (representation === null) {
          leave?.(object, source);
          continue;
        }
        entity = known.get(representation) ?? known.size;
        known.set(representation, entity);
        if (key !== null) {
          sameType ??= new Map();
          seen.set(object.__typename, sameType.set(object[key], entity));
        }
      }
      targets.push(object);
      entityOf.push(entity);
    }
    ends.push(targets.length);
  });
  return { request, targets, entityOf, ends, representations: request.entities ? [...known.keys()] : null };
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
