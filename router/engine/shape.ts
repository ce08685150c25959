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
import { type Swift, UNUSUAL, writerOf } from './generated.ts';
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

interface Around {
  readonly names: readonly string[];
}

interface Writing extends Around {
  readonly introspection: Data | null;
  readonly problems: Problem[];
  readonly refusals: Refusal[];
  /** Where the writing is. */
  readonly path: (string | number)[];
}

/** Two ways to write one thing. */
interface Complete {
  /** Gets what is not null; null back when it is to be. Finds whatever is wrong, and where. */
  exact(value: unknown, writing: Writing): unknown;
  /** The same for what is as it should be; {@link UNUSUAL} for all else. */
  readonly swift: Swift<Around>;
}

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
  writing.problems.push({ message: problem, path: [...writing.path] });
  return null;
}

const nameOf = ({ key, number }: Part, { names }: Writing): string => (number < 0 ? key : (names[number] ?? key));

/** How often an operation comes before code is generated for it. */
const WORTH_IT = 1;
const NONE: readonly never[] = [];
const unusual = () => UNUSUAL;

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
  let times = 0;

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
      const { swift, exact } = writerFor(conditions);
      const usual = ++times > WORTH_IT ? swift(data, { names }) : UNUSUAL;
      if (usual !== UNUSUAL) return { data: usual as Data, problems: NONE, refusals: NONE };
      const problems: Problem[] = [];
      const refusals: Refusal[] = [];
      return { data: exact(data, { introspection, names, problems, refusals, path: [] }) as Data | null, problems, refusals };
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
      return {
        exact: (value, writing) =>
          names.has(value as string) ? value : found(`Invalid value found for field ${where}: expected one of ${type.name}.`, writing),
        swift: (value) => (names.has(value as string) ? value : UNUSUAL),
      };
    }
    if (isObjectType(type)) return objectOf(type, below);
    if (isAbstractType(type)) return abstractOf(type, below, where);
    return null;
  }

  const listOf = (nonNull: boolean, complete: Complete | null, where: string): Complete => ({
    exact(value, writing) {
      if (!Array.isArray(value)) return found(`Invalid value found for field ${where}: expected a list.`, writing);
      const { path } = writing;
      const items: unknown[] = new Array(value.length);
      for (let at = 0; at < value.length; at++) {
        path.push(at);
        const item: unknown = value[at] ?? null;
        let completed = item === null || complete === null ? item : complete.exact(item, writing);
        if (completed === null && nonNull) {
          if (item === null) found(`Cannot return null for non-nullable array element of ${where}.`, writing);
          path.pop();
          return null;
        }
        completed ??= null;
        items[at] = completed;
        path.pop();
      }
      return items;
    },
    swift(value, around) {
      if (!Array.isArray(value)) return UNUSUAL;
      const swift = complete?.swift;
      const items: unknown[] = new Array(value.length);
      for (let at = 0; at < value.length; at++) {
        const item: unknown = value[at] ?? null;
        if (item === null && nonNull) return UNUSUAL;
        const written = item === null || swift === undefined ? item : swift(item, around);
        if (written === UNUSUAL) return UNUSUAL;
        items[at] = written;
      }
      return items;
    },
  });

  function abstractOf(type: GraphQLInterfaceType | GraphQLUnionType, below: readonly SelectionSetNode[], where: string): Complete {
    const writers = new Map<unknown, Complete | null>();
    const made = (typename: unknown): Complete | null => {
      const named = typename === undefined ? type : schema.getType(String(typename));
      const possible = named === type || ((isObjectType(named) || isInterfaceType(named)) && schema.isSubType(type, named));
      const isUnknown = named === type && dependsOnType(schema, type, below, fragments, values);
      const writer = possible && !isUnknown ? objectOf(named as Composite, below) : null;
      if (writers.size < 1_000) writers.set(typename, writer);
      return writer;
    };
    const of = (value: unknown): Complete | null => {
      const typename = isObject(value) ? value.__typename : undefined;
      const known = writers.get(typename);
      return known === undefined ? made(typename) : known;
    };
    return {
      exact(value, writing) {
        const writer = of(value);
        return writer ? writer.exact(value, writing) : found(`Invalid __typename found for field ${where}.`, writing);
      },
      swift: (value, around) => of(value)?.swift(value, around) ?? UNUSUAL,
    };
  }

  function objectOf(type: Composite, selected: readonly SelectionSetNode[]): Complete {
    let parts: readonly Part[] | undefined;
    let swift: Swift<Around> | undefined;
    return {
      exact(value, writing) {
        if (!isObject(value)) return found(`Invalid value found for an object of type ${type.name}.`, writing);
        parts ??= partsOf(type, selected);
        const answer: Data = {};
        const { path } = writing;
        for (const part of parts) {
          const name = nameOf(part, writing);
          path.push(name);
          const completed = fieldOf(part, type, value, writing);
          path.pop();
          if (completed === undefined) return null;
          put(answer, name, completed);
        }
        return answer;
      },
      swift(value, around) {
        parts ??= partsOf(type, selected);
        swift ??= swiftly(parts, type);
        return swift(value, around);
      },
    };
  }

  /** What introspects, or is refused, is rare. */
  function swiftly(parts: readonly Part[], type: Composite): Swift<Around> {
    if (parts.some(({ kind }) => kind === 'refused' || kind === 'introspection')) return unusual;
    const fields = parts.map(({ key, number, kind, nonNull, complete }) => {
      const constant = kind === 'typename' && isObjectType(type) ? type.name : undefined;
      return { key, number, nonNull: kind === 'value' && nonNull, constant, write: complete?.swift ?? null };
    });
    return writerOf(fields, get) ?? unusual;
  }

  /** Undefined when the object that has the field is to be null. */
  function fieldOf(part: Part, type: Composite, data: Data, writing: Writing): unknown {
    const { key, kind, nonNull, complete, where, rule } = part;
    if (kind === 'typename') return isObjectType(type) ? type.name : (get(data, key) ?? null);
    if (kind === 'introspection') return writing.introspection?.[nameOf(part, writing)] ?? null;
    if (kind === 'refused') {
      writing.refusals.push({ where, rule: rule ?? 0, path: [...writing.path] });
      return nonNull ? undefined : null;
    }
    const value = get(data, key) ?? null;
    const completed = value === null || complete === null ? value : complete.exact(value, writing);
    if (completed !== null || !nonNull) return completed;
    if (value === null) found(`Cannot return null for non-nullable field ${where}.`, writing);
    return undefined;
  }

  return objectOf(root, selections);
}
