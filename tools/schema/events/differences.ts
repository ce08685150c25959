import type { JsonSchema } from './json-schema.ts';

/** What has become of a payload. `field` is a path: `method.kind`; `was` and `is` are for people. */
export interface Difference {
  readonly kind: 'removed' | 'required' | 'narrowed' | 'widened' | 'added';
  readonly field: string;
  readonly words: string;
}

const UPPER = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems'] as const;
const LOWER = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems'] as const;

/** Tells two schemas of one payload apart: what was published by the first, must fit the second, and the other way round. */
export function differences(base: JsonSchema, now: JsonSchema): Difference[] {
  return new Comparison(base, now).found;
}

class Comparison {
  readonly found: Difference[] = [];
  readonly #base: JsonSchema;
  readonly #now: JsonSchema;
  readonly #seen = new Set<string>();

  constructor(base: JsonSchema, now: JsonSchema) {
    this.#base = base;
    this.#now = now;
    this.#compare(base, now, '');
  }

  #compare(base: JsonSchema, now: JsonSchema, field: string): void {
    const pair = base.$ref || now.$ref ? `${base.$ref} ${now.$ref}` : undefined;
    if (pair && this.#seen.has(pair)) return;
    if (pair) this.#seen.add(pair);
    const before = alternatives(base, this.#base);
    const after = alternatives(now, this.#now);
    const [was] = before;
    const [is] = after;
    if (before.length === 1 && after.length === 1 && was && is) {
      this.#compareOne(was, is, field);
      return;
    }
    const left = [...after];
    for (const it of before) {
      const twin = left.findIndex((other) => kindOf(other) === kindOf(it));
      if (twin < 0) this.#say('narrowed', field, `can no longer be ${words(it)}`);
      else for (const other of left.splice(twin, 1)) this.#compareOne(it, other, field);
    }
    for (const it of left) this.#say('widened', field, `can now be ${words(it)}`);
  }

  #compareOne(base: JsonSchema, now: JsonSchema, field: string): void {
    if (base.type !== now.type) {
      this.#type(base, now, field);
      return;
    }
    this.#enum(base, now, field);
    this.#bounds(base, now, field);
    for (const key of ['pattern', 'format', 'multipleOf'] as const) {
      if (base[key] === now[key]) continue;
      if (now[key] === undefined) this.#say('widened', field, `need no longer have the ${key} ${base[key]}`);
      else this.#say('narrowed', field, `must now have the ${key} ${now[key]}${base[key] === undefined ? '' : ` instead of ${base[key]}`}`);
    }
    this.#object(base, now, field);
    this.#list(base, now, field);
  }

  #type(base: JsonSchema, now: JsonSchema, field: string): void {
    const wider = now.type === undefined || (base.type === 'integer' && now.type === 'number');
    this.#say(wider ? 'widened' : 'narrowed', field, `was ${words(base)} and is now ${words(now)}`);
  }

  #enum(base: JsonSchema, now: JsonSchema, field: string): void {
    const was = valuesOf(base);
    const is = valuesOf(now);
    if (!was && !is) return;
    if (!is) this.#say('widened', field, `can now be anything beside ${list(was)}`);
    if (!was) this.#say('narrowed', field, `can only be ${list(is)} now`);
    if (!is || !was) return;
    const gone = was.filter((value) => !is.includes(value));
    const fresh = is.filter((value) => !was.includes(value));
    if (gone.length > 0) this.#say('narrowed', field, `can no longer be ${list(gone)}`);
    if (fresh.length > 0) this.#say('widened', field, `can now be ${list(fresh)}, too`);
  }

  #bounds(base: JsonSchema, now: JsonSchema, field: string): void {
    for (const [keys, sign] of [[UPPER, 1] as const, [LOWER, -1] as const]) {
      for (const key of keys) {
        if (base[key] === now[key]) continue;
        const open = sign * Number.POSITIVE_INFINITY;
        const wider = sign * ((now[key] ?? open) - (base[key] ?? open)) > 0;
        this.#say(wider ? 'widened' : 'narrowed', field, `has the ${key} ${now[key] ?? 'no more'}, ${base[key] ?? 'none'} before`);
      }
    }
  }

  #object(base: JsonSchema, now: JsonSchema, field: string): void {
    const was = base.properties ?? {};
    const is = now.properties ?? {};
    const at = (name: string) => (field ? `${field}.${name}` : name);
    for (const [name, schema] of Object.entries(was)) {
      const other = is[name];
      const needed = now.required?.includes(name);
      if (!other) this.#say('removed', at(name), base.required?.includes(name) ? 'is gone' : 'is gone (it was optional)');
      else if (needed && !base.required?.includes(name)) this.#say('required', at(name), 'was optional and is now required');
      else if (!needed && base.required?.includes(name)) this.#say('widened', at(name), 'was always there and is now optional');
      if (other) this.#compare(schema, other, at(name));
    }
    for (const name of Object.keys(is)) {
      if (was[name]) continue;
      if (now.required?.includes(name)) this.#say('required', at(name), 'is new and required');
      else this.#say('added', at(name), 'is new and optional');
    }
    const [before, after] = [base.additionalProperties, now.additionalProperties];
    if (typeof before === 'object' && typeof after === 'object') this.#compare(before, after, at('*'));
    else if (before !== false && after === false) this.#say('narrowed', field, 'takes no other fields any more');
  }

  #list(base: JsonSchema, now: JsonSchema, field: string): void {
    const [was, is] = [base.items, now.items];
    if (Array.isArray(was) && Array.isArray(is)) {
      if (was.length !== is.length) this.#say('narrowed', field, `has ${is.length} items, ${was.length} before`);
      for (const [index, item] of was.entries()) if (is[index]) this.#compare(item, is[index], `${field}[${index}]`);
    } else if (was && is && !Array.isArray(was) && !Array.isArray(is)) this.#compare(was, is, `${field}[]`);
    else if (was || is) this.#say('narrowed', field, 'is another kind of list');
  }

  #say(kind: Difference['kind'], field: string, text: string): void {
    this.found.push({ kind, field, words: text });
  }
}

/** The ways in which a value can fit: unions and lists of types taken apart. */
function alternatives(schema: JsonSchema, root: JsonSchema): JsonSchema[] {
  if (schema.$ref) {
    const target = schema.$ref === '#' ? root : root.definitions?.[schema.$ref.split('/').at(-1) ?? ''];
    return target ? alternatives(target, root) : [{}];
  }
  const union = schema.anyOf ?? schema.oneOf;
  if (union) return union.flatMap((it) => alternatives(it, root));
  if (Array.isArray(schema.type)) return schema.type.map((type) => ({ ...schema, type }));
  if (schema.allOf) return [Object.assign({}, schema, ...schema.allOf.flatMap((it) => alternatives(it, root)))];
  return [schema];
}

/** Alternatives of one kind are compared with each other: the type and, of objects, the constants that tell them apart. */
function kindOf(schema: JsonSchema): string {
  const constants = Object.entries(schema.properties ?? {}).flatMap(([name, { const: value }]) =>
    value === undefined ? [] : [name, value],
  );
  return JSON.stringify([
    schema.type === 'integer' ? 'number' : schema.type,
    schema.type === undefined ? schema.const : null,
    ...constants,
  ]);
}

const valuesOf = (schema: JsonSchema): unknown[] | undefined => (schema.const === undefined ? schema.enum : [schema.const]);
const list = (values: readonly unknown[] | undefined): string => (values ?? []).map((value) => JSON.stringify(value)).join(', ');

function words(schema: JsonSchema): string {
  const values = valuesOf(schema);
  if (values) return list(values);
  if (schema.type === undefined) return 'anything';
  return `${/^[aeio]/.test(String(schema.type)) ? 'an' : 'a'} ${schema.type}`.replace('a null', 'null');
}
