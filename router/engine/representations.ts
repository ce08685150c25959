import type { FetchDataRewrite, QueryPlanSelectionNode } from '@apollo/query-planner';
import { type Data, isObject } from './data.ts';

/** How entities are told to a subgraph. */
export interface Represent {
  /** An entity's representation as JSON; equal for equal ones. Null when the object is none of those that are asked for, or lacks what is required. */
  (entity: Data): string | null;
  /** Of the objects that do not tell theirs. */
  readonly type: string | undefined;
  /**
   * The fields whose values make the representation of an object of that type, the most telling one first; null where there are none, or where one of them
   * has fields of its own.
   */
  fieldsOf(typename: unknown): readonly string[] | null;
  /** Equal for those that represent alike; null where objects of different types may have the same representation. */
  readonly sign: string | null;
}

type WriteObject = (object: Data) => string | null;
type Matches = (condition: string, typename: string) => boolean;
type Original = (key: string) => string;
interface How {
  readonly matches: Matches;
  readonly original: Original;
}
interface Naming {
  /** What the subgraph calls a key of the data. */
  readonly original?: Original;
  /** The fields that are in some key of a type. */
  readonly keys?: ReadonlyMap<unknown, ReadonlySet<string>>;
  /** Of the objects that do not tell theirs. */
  readonly type?: string | undefined;
}
type Selections = readonly QueryPlanSelectionNode[];
/** The JSON of a value; null when something in it is missing. */
type Write = (value: unknown) => string | null;

const CONDITION = '... on ';
/** The type is the first, whatever the plan has it at, so that equal representations are equal text. */
const byName = (one: string, other: string): number => (one === '__typename' ? -1 : other === '__typename' ? 1 : one < other ? -1 : 1);

/**
 * Compiles what a fetch requires of its entities.
 * @param rewrites of the representations: a type's name set (interface objects), a key renamed
 */
export function compileRepresentation(
  requires: Selections,
  rewrites: readonly FetchDataRewrite[],
  matches: Matches,
  { original = (key) => key, keys = new Map(), type }: Naming = {},
): Represent {
  const how: How = { matches, original };
  const writers = new Map<unknown, WriteObject | null>();
  const told = new Map<unknown, readonly string[] | null>();
  const represent = (entity: Data): string | null => {
    const { __typename: typename = type } = entity;
    let write = writers.get(typename);
    if (write === undefined) {
      // A type alone says nothing about which entity it is.
      write = identifying(typename).length > 0 ? objectOf(requires, typename, rewrites, how) : null;
      writers.set(typename, write);
    }
    return write === null ? null : write(entity);
  };
  const identifying = (typename: unknown) => [...fieldsOf(requires, typename, matches)].filter(([key]) => key !== '__typename');
  const telling = (typename: unknown): readonly string[] | null => {
    const fields = identifying(typename);
    if (fields.length === 0 || fields.some(([, nested]) => nested !== null)) return null;
    const own = keys.get(typename);
    const names = fields.map(([name]) => name);
    return names.sort((one, other) => Number(own?.has(other) ?? false) - Number(own?.has(one) ?? false));
  };
  const fieldsOfType = (typename: unknown): readonly string[] | null => {
    let fields = told.get(typename);
    if (fields === undefined) {
      fields = telling(typename);
      told.set(typename, fields);
    }
    return fields;
  };
  return Object.assign(represent, { type, fieldsOf: fieldsOfType, sign: rewrites.length > 0 ? null : JSON.stringify(requires) });
}

/** Those of the rewrites that are about objects of that type, without the condition. */
function rewritesFor(rewrites: readonly FetchDataRewrite[], typename: unknown, matches: Matches): FetchDataRewrite[] {
  return rewrites.flatMap((rewrite) => {
    const at = rewrite.path.findIndex((element) => !element.startsWith(CONDITION));
    const conditions = at < 0 ? rewrite.path : rewrite.path.slice(0, at);
    const applies = typename === undefined || conditions.every((each) => matches(each.slice(CONDITION.length), String(typename)));
    return applies ? [{ ...rewrite, path: at < 0 ? [] : rewrite.path.slice(at) }] : [];
  });
}

function fieldsOf(selections: Selections, typename: unknown, matches: Matches): Map<string, QueryPlanSelectionNode[] | null> {
  const fields = new Map<string, QueryPlanSelectionNode[] | null>();
  const walk = (each: Selections): void => {
    for (const node of each) {
      if (node.kind === 'InlineFragment') {
        if (!node.typeCondition || typename === undefined || matches(node.typeCondition, String(typename))) walk(node.selections);
        continue;
      }
      const key = node.alias ?? node.name;
      const present = fields.get(key);
      if (present) present.push(...(node.selections ?? []));
      else fields.set(key, node.selections ? [...node.selections] : null);
    }
  };
  walk(selections);
  return fields;
}

interface Part {
  readonly key: string;
  /** `"name":` */
  readonly prefix: string;
  /** What is written whatever the object has. */
  readonly constant: string | undefined;
  readonly write: Write;
}

/** Null when nothing of that type is asked for. */
function objectOf(selections: Selections, typename: unknown, all: readonly FetchDataRewrite[], how: How): WriteObject | null {
  const { matches, original } = how;
  const rewrites = rewritesFor(all, typename, matches);
  const fields = fieldsOf(selections, typename, matches);
  if (fields.size === 0) return null;
  const here = rewrites.filter(({ path }) => path.length === 1);
  const replaced = new Set(here.flatMap((rewrite) => (rewrite.kind === 'KeyRenamer' ? [rewrite.renameKeyTo] : [])));
  const parts = [...fields]
    .filter(([key]) => !replaced.has(key))
    .sort(([one], [other]) => byName(one, other))
    .map(([key, nested]): Part => {
      const own = here.filter(({ path }) => path[0] === key);
      const set = own.find((rewrite) => rewrite.kind === 'ValueSetter');
      // It is of this type, whether it says so or not.
      const told = key === '__typename' && typeof typename === 'string' ? JSON.stringify(typename) : undefined;
      const renamed = own.find((rewrite) => rewrite.kind === 'KeyRenamer');
      const below = rewrites
        .filter(({ path }) => path.length > 1 && path[0] === key)
        .map((each) => ({ ...each, path: each.path.slice(1) }));
      return {
        key,
        prefix: `${JSON.stringify(renamed ? renamed.renameKeyTo : original(key))}:`,
        constant: set ? JSON.stringify(set.setValueTo) : told,
        write: nested ? nestedOf(nested, below, how) : scalar,
      };
    });
  return (object) => {
    let json = '{';
    for (const { key, prefix, constant, write } of parts) {
      const value = constant ?? (object[key] === undefined ? null : write(object[key]));
      if (value === null) return null;
      json += json.length > 1 ? `,${prefix}${value}` : prefix + value;
    }
    return `${json}}`;
  };
}

const LONG = 40;

/** A string's JSON. Keys are short and have nothing to be escaped: looking is cheaper than `JSON.stringify`. */
function quoted(text: string): string {
  if (text.length > LONG) return JSON.stringify(text);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code === 0x22 || code === 0x5c || code >= 0xd800) return JSON.stringify(text);
  }
  return `"${text}"`;
}

const scalar: Write = (value) => (typeof value === 'string' ? quoted(value) : (JSON.stringify(value) ?? null));

function nestedOf(selections: Selections, rewrites: readonly FetchDataRewrite[], how: How): Write {
  const writers = new Map<unknown, WriteObject | null>();
  const write: Write = (value) => {
    if (value === null) return 'null';
    if (Array.isArray(value)) {
      const items: string[] = [];
      for (const item of value) {
        const written = write(item);
        if (written === null) return null;
        items.push(written);
      }
      return `[${items.join()}]`;
    }
    if (!isObject(value)) return scalar(value);
    const { __typename: typename } = value;
    let object = writers.get(typename);
    if (object === undefined) {
      object = objectOf(selections, typename, rewrites, how);
      writers.set(typename, object);
    }
    return object === null ? '{}' : object(value);
  };
  return write;
}
