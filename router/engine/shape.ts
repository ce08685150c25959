import {
  type FieldNode,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type GraphQLUnionType,
  getNullableType,
  isAbstractType,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { Recent } from '../recent.ts';
import { type Data, get, isObject, put } from './data.ts';
import { numberOf } from './names.ts';
import type { Path } from './plan/locate.ts';
import { type Composite, conditionsIn, dependsOnType, type Fragments, fieldsOf } from './selections.ts';

/** A value that the API's schema does not allow, in what subgraphs answered. */
export interface Problem {
  readonly message: string;
  readonly path: Path;
}

/** The fields that are not for whoever asks, with the rules that they do not keep to. */
export type Refused = ReadonlyMap<FieldNode, number>;

/** A field that is null because it is refused. */
export interface Refusal {
  /** `Order.book` */
  readonly where: string;
  readonly rule: number;
  readonly path: Path;
}

/** What an operation's answer looks like. */
export interface Shape {
  /** How many fields are to be answered by subgraphs. */
  readonly rootFields: number;
  /**
   * The answer, of what the subgraphs' data has: fields in the operation's order, null where there is nothing, and up from there where null is not allowed.
   * @param conditions the variables' values, as `@include` and `@skip` need them
   * @param introspection what `__schema` and `__type` are answered with, by the client's names
   * @param names the client's response names, by their numbers
   */
  write(data: Data, conditions: Data, introspection: Data | null, names: readonly string[]): Written;
}

export interface Written {
  readonly data: Data | null;
  readonly problems: readonly Problem[];
  readonly refusals: readonly Refusal[];
}

interface Writing {
  readonly introspection: Data | null;
  readonly names: readonly string[];
  readonly problems: Problem[];
  readonly refusals: Refusal[];
  /** Where the writing is; null in the first pass, which does without until there is a problem to be located. */
  readonly path: (string | number)[] | null;
}
/** Gets what is not null; null back when it is to be. */
type Complete = (value: unknown, writing: Writing) => unknown;

interface Part {
  /** In the data. */
  readonly key: string;
  /** Of the name in the answer; -1 where that is the key. */
  readonly number: number;
  readonly nonNull: boolean;
  /** `Order.book` */
  readonly where: string;
  readonly kind: 'value' | 'typename' | 'introspection' | 'refused';
  readonly complete: Complete | null;
  /** Of what is refused: by which rule. */
  readonly rule?: number | undefined;
}

function found(problem: string, writing: Writing): null {
  writing.problems.push({ message: problem, path: [...(writing.path ?? [])] });
  return null;
}

const nameOf = ({ key, number }: Part, { names }: Writing): string => (number < 0 ? key : (names[number] ?? key));

/** Shapes of one operation that are remembered: one for each combination of `@include` and `@skip`. */
const REMEMBERED = 64;

/** Compiles an operation's answer. What `@include` and `@skip` leave of it is compiled when it is first asked for. */
export function compileShape(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: Fragments,
  refused: Refused = new Map(),
): Shape {
  const root = schema.getRootType(operation.operation);
  if (!root) throw new TypeError(`the schema has no ${operation.operation}`);
  const deciding = conditionsIn(operation.selectionSet, fragments);
  const writers = new Recent<string, Complete>(REMEMBERED);

  const writerFor = (conditions: Data): Complete => {
    const key = deciding.map((variable) => (conditions[variable] === true ? '1' : '0')).join('');
    let writer = writers.get(key);
    if (!writer) {
      const values = Object.fromEntries(deciding.map((variable) => [variable, conditions[variable] === true]));
      writer = compileObject(schema, fragments, values, root, [operation.selectionSet], refused);
      writers.set(key, writer);
    }
    return writer;
  };

  const always = fieldsOf(schema, root, [operation.selectionSet], fragments, null);
  return {
    rootFields: [...always.values()].filter(([{ name }]) => !name.value.startsWith('__')).length,
    write(data, conditions, introspection, names) {
      const write = writerFor(conditions);
      const once = (path: (string | number)[] | null) => {
        const problems: Problem[] = [];
        const refusals: Refusal[] = [];
        return { data: write(data, { introspection, names, problems, refusals, path }) as Data | null, problems, refusals };
      };
      const written = once(null);
      return written.problems.length + written.refusals.length === 0 ? written : once([]);
    },
  };
}

/** @param values of the variables that decide what is included */
function compileObject(
  schema: GraphQLSchema,
  fragments: Fragments,
  values: Data,
  root: GraphQLObjectType,
  selections: readonly SelectionSetNode[],
  refused: Refused,
): Complete {
  function partsOf(type: Composite, selected: readonly SelectionSetNode[]): Part[] {
    return [...fieldsOf(schema, type, selected, fragments, values)].map(([key, same]): Part => {
      const name = same[0].name.value;
      const part = { key, number: numberOf(key), where: `${type.name}.${name}` };
      if (name === '__typename') return { ...part, kind: 'typename', nonNull: true, complete: null };
      if (name === '__schema' || name === '__type') return { ...part, kind: 'introspection', nonNull: false, complete: null };
      const field = isUnionType(type) ? undefined : type.getFields()[name];
      if (!field) throw new TypeError(`${part.where} is not in the schema`);
      const allowed = refused.size === 0 ? same : same.filter((node) => !refused.has(node));
      if (allowed.length === 0)
        return { ...part, kind: 'refused', nonNull: isNonNullType(field.type), complete: null, rule: refused.get(same[0]) };
      const below = allowed.flatMap(({ selectionSet }) => selectionSet ?? []);
      return {
        ...part,
        kind: 'value',
        nonNull: isNonNullType(field.type),
        complete: completer(getNullableType(field.type), below, part.where),
      };
    });
  }

  /** Null for a leaf that is taken as it is. */
  function completer(type: GraphQLOutputType, below: readonly SelectionSetNode[], where: string): Complete | null {
    if (isListType(type)) return listOf(isNonNullType(type.ofType), completer(getNullableType(type.ofType), below, where), where);
    if (isEnumType(type)) {
      const names = new Set(type.getValues().map(({ name }) => name));
      return (value, writing) =>
        names.has(value as string) ? value : found(`Invalid value found for field ${where}: expected one of ${type.name}.`, writing);
    }
    if (isObjectType(type)) return objectOf(type, below);
    if (isAbstractType(type)) return abstractOf(type, below, where);
    return null;
  }

  const listOf =
    (nonNull: boolean, complete: Complete | null, where: string): Complete =>
    (value, writing) => {
      if (!Array.isArray(value)) return found(`Invalid value found for field ${where}: expected a list.`, writing);
      const { path } = writing;
      const items: unknown[] = new Array(value.length);
      for (let at = 0; at < value.length; at++) {
        path?.push(at);
        const item: unknown = value[at] ?? null;
        let completed = item === null || complete === null ? item : complete(item, writing);
        if (completed === null && nonNull) {
          if (item === null) found(`Cannot return null for non-nullable array element of ${where}.`, writing);
          path?.pop();
          return null;
        }
        completed ??= null;
        items[at] = completed;
        path?.pop();
      }
      return items;
    };

  function abstractOf(type: GraphQLInterfaceType | GraphQLUnionType, below: readonly SelectionSetNode[], where: string): Complete {
    const writers = new Map<unknown, Complete | null>();
    const writerOf = (typename: unknown): Complete | null => {
      const named = typename === undefined ? type : schema.getType(String(typename));
      const possible = named === type || ((isObjectType(named) || isInterfaceType(named)) && schema.isSubType(type, named));
      const isUnknown = named === type && dependsOnType(schema, type, below, fragments, values);
      const writer = possible && !isUnknown ? objectOf(named as Composite, below) : null;
      if (writers.size < 1_000) writers.set(typename, writer);
      return writer;
    };
    return (value, writing) => {
      const typename = isObject(value) ? value.__typename : undefined;
      const known = writers.get(typename);
      const writer = known === undefined ? writerOf(typename) : known;
      return writer ? writer(value, writing) : found(`Invalid __typename found for field ${where}.`, writing);
    };
  }

  function objectOf(type: Composite, selected: readonly SelectionSetNode[]): Complete {
    let parts: Part[] | undefined;
    return (value, writing) => {
      if (!isObject(value)) return found(`Invalid value found for an object of type ${type.name}.`, writing);
      parts ??= partsOf(type, selected);
      const answer: Data = {};
      const { path } = writing;
      for (const part of parts) {
        const name = nameOf(part, writing);
        path?.push(name);
        const completed = fieldOf(part, type, value, writing);
        path?.pop();
        if (completed === undefined) return null;
        put(answer, name, completed);
      }
      return answer;
    };
  }

  /** Undefined when the object that has the field is to be null. */
  function fieldOf(part: Part, type: Composite, data: Data, writing: Writing): unknown {
    const { key, kind, nonNull, complete, where, rule } = part;
    if (kind === 'typename') return isObjectType(type) ? type.name : (get(data, key) ?? null);
    if (kind === 'introspection') return writing.introspection?.[nameOf(part, writing)] ?? null;
    if (kind === 'refused') {
      writing.refusals.push({ where, rule: rule ?? 0, path: [...(writing.path ?? [])] });
      return nonNull ? undefined : null;
    }
    const value = get(data, key) ?? null;
    const completed = value === null || complete === null ? value : complete(value, writing);
    if (completed !== null || !nonNull) return completed;
    if (value === null) found(`Cannot return null for non-nullable field ${where}.`, writing);
    return undefined;
  }

  return objectOf(root, selections);
}
