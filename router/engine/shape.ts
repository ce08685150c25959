import {
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
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
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { type Data, get, isObject, put } from './data.ts';
import type { Path } from './plan/locate.ts';

/** A value that the API's schema does not allow, in what subgraphs answered. */
export interface Problem {
  readonly message: string;
  readonly path: Path;
}

/** What an operation's answer looks like. */
export interface Shape {
  /** How many fields are to be answered by subgraphs. */
  readonly rootFields: number;
  /**
   * The answer, of what the subgraphs' data has: fields in the operation's order, null where there is nothing, and up from there where null is not allowed.
   * @param conditions the variables' values, as `@include` and `@skip` need them
   * @param introspection what `__schema` and `__type` are answered with, by their response names
   */
  write(data: Data, conditions: Data, introspection: Data | null): { readonly data: Data | null; readonly problems: readonly Problem[] };
}

type Composite = GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType;
/** All of them must hold. */
type Conditions = readonly { readonly variable: string; readonly is: boolean }[];
/** A selection, and under what conditions it is made. */
interface Selected {
  readonly selections: SelectionSetNode;
  readonly when: Conditions;
}
interface Writing {
  readonly conditions: Data;
  readonly introspection: Data | null;
  readonly problems: Problem[];
  /** Where the writing is; null in the first pass, which does without until there is a problem to be located. */
  readonly path: (string | number)[] | null;
}
/** Gets what is not null; null back when it is to be. */
type Complete = (value: unknown, writing: Writing) => unknown;

interface Part {
  readonly key: string;
  readonly dataKey: string;
  readonly nonNull: boolean;
  /** One of them must hold; null: it is always there. */
  readonly when: readonly Conditions[] | null;
  /** `Order.book` */
  readonly where: string;
  readonly kind: 'value' | 'typename' | 'introspection';
  readonly complete: Complete | null;
}

const holds = (when: readonly Conditions[], values: Data): boolean =>
  when.some((all) => all.every(({ variable, is }) => (values[variable] === true) === is));

/** Null for what is never selected. */
function conditionsOf(directives: readonly DirectiveNode[] = []): Conditions | null {
  const conditions: { variable: string; is: boolean }[] = [];
  for (const { name, arguments: given } of directives) {
    if (name.value !== 'skip' && name.value !== 'include') continue;
    const value = given?.[0]?.value;
    const is = name.value === 'include';
    if (value?.kind === Kind.VARIABLE) conditions.push({ variable: value.name.value, is });
    else if (value?.kind === Kind.BOOLEAN && value.value !== is) return null;
  }
  return conditions;
}

function found(problem: string, writing: Writing): null {
  writing.problems.push({ message: problem, path: [...(writing.path ?? [])] });
  return null;
}

/**
 * Compiles an operation's answer.
 * @param dataKey where the data has a field, if that is not its response name
 */
export function compileShape(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  dataKey: (field: FieldNode, responseKey: string) => string,
): Shape {
  const appliesTo = (condition: string | undefined, type: Composite): boolean => {
    if (condition === undefined || condition === type.name) return true;
    const wanted = schema.getType(condition);
    return isAbstractType(wanted) && (isObjectType(type) || isInterfaceType(type)) && schema.isSubType(wanted, type);
  };

  function fieldsOf(type: Composite, selected: readonly Selected[]): Map<string, { node: FieldNode; when: Conditions }[]> {
    const fields = new Map<string, { node: FieldNode; when: Conditions }[]>();
    const walk = (selections: SelectionSetNode, outer: Conditions): void => {
      for (const node of selections.selections) {
        const own = conditionsOf(node.directives);
        if (own === null) continue;
        const when = own.length > 0 ? [...outer, ...own] : outer;
        if (node.kind === Kind.FIELD) {
          const key = node.alias?.value ?? node.name.value;
          const same = fields.get(key);
          if (same) same.push({ node, when });
          else fields.set(key, [{ node, when }]);
          continue;
        }
        const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
        if (fragment && appliesTo(fragment.typeCondition?.name.value, type)) walk(fragment.selectionSet, when);
      }
    };
    for (const { selections, when } of selected) walk(selections, when);
    return fields;
  }

  function partsOf(type: Composite, selected: readonly Selected[]): Part[] {
    return [...fieldsOf(type, selected)].map(([key, same]): Part => {
      const [{ node }] = same as [(typeof same)[0]];
      const name = node.name.value;
      const always = same.some(({ when }) => when.length === 0);
      const part = { key, dataKey: dataKey(node, key), when: always ? null : same.map(({ when }) => when), where: `${type.name}.${name}` };
      if (name === '__typename') return { ...part, kind: 'typename', nonNull: true, complete: null };
      if (name === '__schema' || name === '__type') return { ...part, kind: 'introspection', nonNull: false, complete: null };
      const field = isUnionType(type) ? undefined : type.getFields()[name];
      if (!field) throw new TypeError(`${part.where} is not in the schema`);
      const below = same.flatMap(({ node: { selectionSet }, when }) => (selectionSet ? [{ selections: selectionSet, when }] : []));
      return {
        ...part,
        kind: 'value',
        nonNull: isNonNullType(field.type),
        complete: completer(getNullableType(field.type), below, part.where),
      };
    });
  }

  /** Null for a leaf that is taken as it is. */
  function completer(type: GraphQLOutputType, below: readonly Selected[], where: string): Complete | null {
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

  function abstractOf(type: GraphQLInterfaceType | GraphQLUnionType, below: readonly Selected[], where: string): Complete {
    const writers = new Map<unknown, Complete | null>();
    const writerOf = (typename: unknown): Complete | null => {
      const named = typename === undefined ? type : schema.getType(String(typename));
      const possible = named === type || ((isObjectType(named) || isInterfaceType(named)) && schema.isSubType(type, named));
      const writer = possible ? objectOf(named as Composite, below) : null;
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

  function objectOf(type: Composite, selected: readonly Selected[]): Complete {
    let parts: Part[] | undefined;
    return (value, writing) => {
      if (!isObject(value)) return found(`Invalid value found for an object of type ${type.name}.`, writing);
      parts ??= partsOf(type, selected);
      const answer: Data = {};
      const { path } = writing;
      for (const part of parts) {
        if (part.when !== null && !holds(part.when, writing.conditions)) continue;
        path?.push(part.key);
        const completed = fieldOf(part, type, value, writing);
        path?.pop();
        if (completed === undefined) return null;
        put(answer, part.key, completed);
      }
      return answer;
    };
  }

  /** Undefined when the object that has the field is to be null. */
  function fieldOf({ key, dataKey: from, kind, nonNull, complete, where }: Part, type: Composite, data: Data, writing: Writing): unknown {
    if (kind === 'typename') return isObjectType(type) ? type.name : (get(data, from) ?? null);
    if (kind === 'introspection') return writing.introspection?.[key] ?? null;
    const value = get(data, from) ?? null;
    const completed = value === null || complete === null ? value : complete(value, writing);
    if (completed !== null || !nonNull) return completed;
    if (value === null) found(`Cannot return null for non-nullable field ${where}.`, writing);
    return undefined;
  }

  const root = schema.getRootType(operation.operation);
  if (!root) throw new TypeError(`the schema has no ${operation.operation}`);
  const selected = [{ selections: operation.selectionSet, when: [] }];
  const write = objectOf(root, selected);
  const once = (data: Data, conditions: Data, introspection: Data | null, path: (string | number)[] | null) => {
    const problems: Problem[] = [];
    return { data: write(data, { conditions, introspection, problems, path }) as Data | null, problems };
  };
  return {
    rootFields: [...fieldsOf(root, selected).values()].filter(
      ([field]) => field && !field.node.name.value.startsWith('__') && field.when.length === 0,
    ).length,
    write(data, conditions, introspection) {
      const written = once(data, conditions, introspection, null);
      return written.problems.length === 0 ? written : once(data, conditions, introspection, []);
    },
  };
}
