import {
  type FieldNode,
  GraphQLError,
  type GraphQLOutputType,
  type GraphQLSchema,
  getArgumentValues,
  getNullableType,
  isAbstractType,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionSetNode,
  type TypeNode,
} from 'graphql';
import { hashOf } from './random.ts';
import type { FieldDefinition, SubgraphTypes } from './subgraph-types.ts';

/** One object of the universe, as resolvers hand it on. */
export interface Node {
  readonly __typename: string;
  readonly type: string;
  readonly id: string;
  /** The representation that a subgraph was given. */
  readonly given?: Readonly<Record<string, unknown>>;
}

export interface Troubles {
  /** Once in how many values of nullable fields is an error; 0: never. */
  readonly errors: number;
  /** Once in how many values of fields that must not be null is null; 0: never. */
  readonly nulls: number;
}

type Arguments = Readonly<Record<string, unknown>>;

/** How many entities of a type there are. */
const ENTITIES = 5;
const MISSING = Symbol('missing');

const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([one], [other]) => (one < other ? -1 : 1))
            .map(([key, each]) => [key, sorted(each)]),
        )
      : value;

const itemOf = (node: TypeNode): TypeNode | undefined =>
  node.kind === Kind.NON_NULL_TYPE ? itemOf(node.type) : node.kind === Kind.LIST_TYPE ? node.type : undefined;
const nameIn = (node: TypeNode): string => (node.kind === Kind.NAMED_TYPE ? node.name.value : nameIn(node.type));

/**
 * Answers to everything that can be asked: each follows from the object, the field and its arguments, so that every subgraph, and graphql-js over the whole
 * schema, says the same. What a field requires goes into its value: a router that hands on something else is found out.
 */
export class Universe {
  readonly #schema: GraphQLSchema;
  readonly #types: SubgraphTypes;
  readonly #troubles: Troubles;
  readonly #byKey = new Map<string, Map<string, Node>>();

  /** @param schema the whole supergraph's */
  constructor(schema: GraphQLSchema, types: SubgraphTypes, troubles: Troubles) {
    this.#schema = schema;
    this.#types = types;
    this.#troubles = troubles;
  }

  /** The object of that representation; null when there is none. */
  entity(given: Readonly<Record<string, unknown>>): Node | null {
    const type = String(given.__typename);
    for (const key of this.#types.keys.get(type) ?? []) {
      const picked = this.#picked(given, key);
      const node = picked === null ? undefined : this.#keyed(type, key).get(picked);
      if (node) return { ...node, given };
    }
    return null;
  }

  #picked(given: unknown, key: SelectionSetNode): string | null {
    try {
      return JSON.stringify(this.#pick(given, key));
    } catch {
      return null;
    }
  }

  /** A field's value as the subgraph that has it says it: what it requires is read from the representation. */
  resolve(subgraph: string, type: string, node: Node, field: string, args: Arguments): unknown {
    const requires = this.#definitions(type, field).find((each) => each.subgraph === subgraph)?.requires;
    return this.#value(node, field, args, requires && JSON.stringify(this.#pick(node.given ?? {}, requires)));
  }

  /** A field's value as it is. */
  truth(node: Node, field: string, args: Arguments): unknown {
    const requires = this.#definitions(node.type, field).find((each) => each.requires)?.requires;
    return this.#value(node, field, args, requires && JSON.stringify(this.#look(node, requires)));
  }

  #definitions(type: string, field: string): FieldDefinition[] {
    const own = this.#schema.getType(type);
    const names = [type, ...(isObjectType(own) ? own.getInterfaces().map(({ name }) => name) : [])];
    return names.flatMap((name) =>
      (this.#types.fields.get(`${name}.${field}`) ?? []).filter(
        ({ subgraph }) => name === type || this.#types.interfaceObjects.get(subgraph)?.has(name),
      ),
    );
  }

  #keyed(type: string, key: SelectionSetNode): Map<string, Node> {
    const name = `${type} ${JSON.stringify(key)}`;
    let nodes = this.#byKey.get(name);
    if (nodes) return nodes;
    const entities = this.#possible(type).flatMap((each) => Array.from({ length: ENTITIES }, (_, at) => this.#node(each, `${each}#${at}`)));
    nodes = new Map(entities.map((node) => [JSON.stringify(this.#look(node, key)), node]));
    this.#byKey.set(name, nodes);
    return nodes;
  }

  #node(type: string, id: string): Node {
    return { __typename: type, type, id };
  }

  #possible(type: string): string[] {
    const known = this.#schema.getType(type);
    return isAbstractType(known) ? this.#schema.getPossibleTypes(known).map(({ name }) => name) : [type];
  }

  /** Reads a selection in what was given. */
  #pick(given: unknown, selections: SelectionSetNode): unknown {
    return this.#read(given, selections, (object, { name }) => {
      const value = (object as Record<string, unknown>)[name.value];
      return value === undefined ? MISSING : value;
    });
  }

  /** Reads a selection in what is. */
  #look(node: Node, selections: SelectionSetNode): unknown {
    return this.#read(node, selections, (object, field) => {
      const type = this.#schema.getType((object as Node).type);
      const definition = isObjectType(type) ? type.getFields()[field.name.value] : undefined;
      return this.truth(object as Node, field.name.value, definition ? getArgumentValues(definition, field) : {});
    });
  }

  #read(from: unknown, selections: SelectionSetNode, get: (object: object, field: FieldNode) => unknown): unknown {
    if (Array.isArray(from)) return from.map((item) => this.#read(item, selections, get));
    if (typeof from !== 'object' || from === null) return from;
    const read: Record<string, unknown> = {};
    const walk = (set: SelectionSetNode): void => {
      for (const each of set.selections) {
        if (each.kind === Kind.INLINE_FRAGMENT) {
          const { __typename: typename } = from as { __typename?: string };
          const on = each.typeCondition?.name.value;
          if (on === undefined || typename === undefined || this.#possible(on).includes(typename)) walk(each.selectionSet);
        } else if (each.kind === Kind.FIELD && each.name.value !== '__typename') {
          const value = get(from, each);
          if (value === MISSING) throw new GraphQLError(`${each.name.value} was required, and not given`);
          read[each.name.value] = each.selectionSet ? this.#read(value, each.selectionSet, get) : value;
        }
      }
    };
    walk(selections);
    return read;
  }

  #value(node: Node, field: string, args: Arguments, required: string | undefined): unknown {
    const type = this.#schema.getType(node.type);
    const definition = isObjectType(type) ? type.getFields()[field] : undefined;
    if (!definition) throw new GraphQLError(`${node.type}.${field} is in no schema`);
    const definitions = this.#definitions(node.type, field);
    const seed = `${node.id}.${field}(${JSON.stringify(sorted(args))})${required ?? ''}`;
    const nullable = !isNonNullType(definition.type) && definitions.every((each) => each.type.kind !== Kind.NON_NULL_TYPE);
    if (!this.#types.needed.has(field)) {
      const { errors, nulls } = this.#troubles;
      if (nullable && errors > 0 && hashOf(`error ${seed}`) % errors === 0)
        throw new GraphQLError(`no ${field}`, { extensions: { code: 'REFUSED' } });
      if (!nullable && nulls > 0 && hashOf(`null ${seed}`) % nulls === 0) return null;
    }
    return this.#made(
      definition.type,
      definitions.map((each) => each.type),
      this.#candidates(definitions),
      seed,
    );
  }

  /** The names of types that every subgraph with that field can answer. */
  #candidates(definitions: readonly FieldDefinition[]): (name: string) => boolean {
    const sets = definitions.map(({ subgraph, type }) => {
      const name = nameIn(type);
      if (this.#types.interfaceObjects.get(subgraph)?.has(name)) return new Set(this.#possible(name));
      return new Set(this.#types.possible(subgraph, name));
    });
    return (name) => sets.every((set) => set.has(name));
  }

  #made(type: GraphQLOutputType, nodes: readonly TypeNode[], can: (name: string) => boolean, seed: string): unknown {
    const nullable = !isNonNullType(type) && nodes.every(({ kind }) => kind !== Kind.NON_NULL_TYPE);
    const hash = hashOf(seed);
    if (nullable && hash % 8 === 0) return null;
    const named = getNullableType(type);
    if (isListType(named)) {
      const items = nodes.flatMap((node) => itemOf(node) ?? []);
      return Array.from({ length: (hash >>> 3) % 3 }, (_, at) => this.#made(named.ofType, items, can, `${seed}[${at}]`));
    }
    if (isEnumType(named)) {
      const values = named.getValues();
      return values[hash % values.length]?.name;
    }
    if (isObjectType(named) || isAbstractType(named)) {
      const possible = this.#possible(named.name).filter((name) => isObjectType(named) || can(name));
      const chosen = possible[(hash >>> 5) % possible.length];
      if (chosen === undefined) return null;
      return this.#node(chosen, this.#isEntity(chosen) ? `${chosen}#${(hash >>> 9) % ENTITIES}` : `${chosen}~${hash}`);
    }
    switch (named.name) {
      case 'Int':
        return hash % 1_000_000;
      case 'Float':
        return (hash % 10_000) / 8;
      case 'Boolean':
        return hash % 2 === 0;
      case 'JSON':
        return { a: [hash, null], __proto: { text: seed.slice(0, 8) } };
      default:
        return `${hash.toString(36)} "é${hash % 10}`;
    }
  }

  #isEntity(type: string): boolean {
    const known = this.#schema.getType(type);
    const interfaces = isObjectType(known) || isInterfaceType(known) ? known.getInterfaces() : [];
    return [type, ...interfaces.map(({ name }) => name)].some((name) => (this.#types.keys.get(name) ?? []).length > 0);
  }
}
