import type { FetchDataRewrite } from '@apollo/query-planner';

/** An object as subgraphs answer it. */
export type Data = Record<string, unknown>;

export const isObject = (value: unknown): value is Data => typeof value === 'object' && value !== null;

/** An alias may be called so; setting it would set the prototype. */
const PROTO = '__proto__';

/** Sets a property of that name, whatever the name is. */
export function put(target: Data, key: string, value: unknown): void {
  if (key === PROTO) Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}

/** A property of that name, whatever the name is: what every object inherits is none. */
export function get(target: Data, key: string): unknown {
  const value = target[key];
  return typeof value === 'function' || value === Object.prototype ? undefined : value;
}

/** Merges what a subgraph answered into what is there already. What is there stays where the other has null. */
export type Merge = (into: Data, from: Data) => void;

/** @param isConcrete whether a type name is an object type's: it wins over the name of an interface that a subgraph knows as an object */
export function merging(isConcrete: (typename: string) => boolean): Merge {
  const merged = (into: unknown, from: unknown): unknown => {
    if (from === null || from === undefined) return into;
    if (!isObject(into) || !isObject(from)) return from;
    if (!Array.isArray(into)) merge(into, from);
    else if (Array.isArray(from)) {
      for (let at = 0; at < from.length; at++) into[at] = into[at] === undefined ? from[at] : merged(into[at], from[at]);
    } else return from;
    return into;
  };

  function merge(into: Data, from: Data): void {
    for (const key in from) {
      const value = from[key];
      const present = get(into, key);
      if (present === undefined) put(into, key, value);
      else if (key !== '__typename') {
        const better = merged(present, value);
        if (better !== present) put(into, key, better);
      } else if (isConcrete(String(value))) into.__typename = value;
    }
  }
  return merge;
}

/** Whether something in it can be shared: whoever is given the object's properties has the same lists and objects. */
export function hasObjects(data: Data): boolean {
  for (const key in data) if (isObject(data[key])) return true;
  return false;
}

/** A copy that shares nothing with the original. */
export function copyOf<T>(value: T): T {
  if (!isObject(value)) return value;
  if (Array.isArray(value)) return value.map(copyOf) as T;
  const copy: Data = {};
  for (const key in value) put(copy, key, copyOf((value as Data)[key]));
  return copy as T;
}

const CONDITION = '... on ';

/** Carries out a plan's rewrites of an answer, in place. */
export function rewrite(
  data: unknown,
  rewrites: readonly FetchDataRewrite[],
  matches: (condition: string, typename: string) => boolean,
): void {
  const walk = (value: unknown, how: FetchDataRewrite, at: number): void => {
    if (!isObject(value)) return;
    if (Array.isArray(value)) {
      for (const item of value) walk(item, how, at);
      return;
    }
    const { path } = how;
    const key = path[at];
    if (key === undefined) return;
    if (key.startsWith(CONDITION)) {
      const { __typename: typename } = value;
      if (typename === undefined || matches(key.slice(CONDITION.length), String(typename))) walk(value, how, at + 1);
      return;
    }
    if (at < path.length - 1) walk(get(value, key), how, at + 1);
    else if (!Object.hasOwn(value, key)) return;
    else if (how.kind === 'ValueSetter') put(value, key, how.setValueTo);
    else {
      put(value, how.renameKeyTo, value[key]);
      delete value[key];
    }
  };
  for (const each of rewrites) walk(data, each, 0);
}
