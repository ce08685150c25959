import { type Data, isObject } from '../data.ts';

/** One key of a plan's path, and how many lists are to be opened below it. */
interface Step {
  readonly key: string;
  readonly lists: number;
}

/** Where objects are in the data: what a plan's path (`orders`, `@`, `book`) was compiled to. */
export type Steps = readonly Step[];

export type Path = readonly (string | number)[];

export function stepsOf(path: readonly (string | number)[]): Steps {
  const steps: { key: string; lists: number }[] = [];
  for (const element of path) {
    const last = steps.at(-1);
    if (element !== '@') steps.push({ key: String(element), lists: 0 });
    else if (last) last.lists++;
  }
  return steps;
}

function open(value: unknown, lists: number, into: Data[]): void {
  if (!isObject(value)) return;
  if (lists > 0 && Array.isArray(value)) for (const item of value) open(item, lists - 1, into);
  else into.push(value);
}

/**
 * The objects at those steps. `shared`: entities may be the same object in several places; each is then found once.
 */
export function locate(root: Data, steps: Steps, shared: boolean): Data[] {
  let found: Data[] = [root];
  for (const { key, lists } of steps) {
    const next: Data[] = [];
    for (const object of found) open(object[key], lists, next);
    found = shared && next.length > 1 ? [...new Set(next)] : next;
    if (found.length === 0) break;
  }
  return found;
}

/** Where each of those objects is: every path, also of what is found once by {@link locate}. For errors. */
export function locateWithPaths(root: Data, steps: Steps): { readonly object: Data; readonly path: Path }[] {
  let found: { object: Data; path: Path }[] = [{ object: root, path: [] }];
  for (const { key, lists } of steps) {
    const next: typeof found = [];
    const openAt = (value: unknown, path: Path, left: number): void => {
      if (!isObject(value)) return;
      if (left > 0 && Array.isArray(value)) for (const [at, item] of value.entries()) openAt(item, [...path, at], left - 1);
      else next.push({ object: value, path });
    };
    for (const { object, path } of found) openAt(object[key], [...path, key], lists);
    found = next;
  }
  return found;
}
