import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import {
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  print,
  type SelectionNode,
  type SelectionSetNode,
  stripIgnoredCharacters,
} from 'graphql';
import { type Knowledge, type RequestNode, representing } from './dag.ts';
import { operationIn } from './entity-fields.ts';

/** Keys from the root of the data, without regard to lists. */
type Place = string;
type MaybeType = GraphQLNamedType | undefined | null;

const below = (place: Place, key: string): Place => (place === '' ? key : `${place}.${key}`);
const placeOf = (path: readonly string[]): Place => path.filter((key) => key !== '@').join('.');
const keyOf = ({ alias, name }: FieldNode): string => alias?.value ?? name.value;
const isTypename = (node: SelectionNode): boolean => node.kind === Kind.FIELD && node.name.value === '__typename' && !node.alias;

/** Where the plan's objects are of one object type, whatever is asked: what `__typename` would tell is known. */
class Types {
  readonly #schema: GraphQLSchema;
  readonly #found = new Map<Place, Set<string>>();
  readonly #told = new Set<Place>();

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  /** Undefined where it is not one object type, or is to be told all the same. */
  at(place: Place): string | undefined {
    const [name, ...others] = this.#found.get(place) ?? [];
    return name !== undefined && others.length === 0 && !this.#told.has(place) && isObjectType(this.#schema.getType(name))
      ? name
      : undefined;
  }

  /** Takes down the types of all that is selected there. @param told whether they are to be told, although they are known */
  look({ selections }: SelectionSetNode, place: Place, type: MaybeType, told: boolean): void {
    if (told) this.#told.add(place);
    for (const node of selections) {
      if (node.kind === Kind.FRAGMENT_SPREAD) throw new TypeError('a fragment in an operation that has none');
      if (node.kind === Kind.INLINE_FRAGMENT) {
        const on = node.typeCondition ? this.#schema.getType(node.typeCondition.name.value) : type;
        this.look(node.selectionSet, place, on, told);
        continue;
      }
      if (!node.selectionSet) continue;
      const own = below(place, keyOf(node));
      const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined;
      const named = field && getNamedType(field.type);
      this.#found.set(own, (this.#found.get(own) ?? new Set<string>()).add(named?.name ?? ''));
      this.look(node.selectionSet, own, named, told);
    }
  }

  /** What is required below an entity may be told with its type. */
  require(selections: readonly QueryPlanSelectionNode[], place: Place, isEntity: boolean): void {
    for (const node of selections) {
      if (node.kind === 'InlineFragment') this.require(node.selections, place, isEntity);
      else if (node.name === '__typename' && !isEntity) this.#told.add(place);
      else if (node.selections) this.require(node.selections, below(place, node.alias ?? node.name), false);
    }
  }
}

/** Without `__typename` where it is known at all of these places and something else is asked for, whatever the variables are. */
function without(set: SelectionSetNode, places: readonly Place[], types: Types): SelectionSetNode {
  const isKnown = places.every((place) => types.at(place) !== undefined);
  const hasOther = set.selections.some((node) => node.kind === Kind.FIELD && !isTypename(node) && (node.directives ?? []).length === 0);
  const selections = set.selections.flatMap((node): SelectionNode[] => {
    if (isTypename(node)) return isKnown && hasOther ? [] : [node];
    if (node.kind === Kind.FRAGMENT_SPREAD || !node.selectionSet) return [node];
    const under = node.kind === Kind.FIELD ? places.map((place) => below(place, keyOf(node))) : places;
    return [{ ...node, selectionSet: without(node.selectionSet, under, types) }];
  });
  return { ...set, selections };
}

/** What a request asks for at its sources' places: the root's fields, or those of the entities. */
function inside(operation: OperationDefinitionNode, { entities }: RequestNode): SelectionSetNode {
  const [field] = operation.selectionSet.selections;
  return entities && field?.kind === Kind.FIELD && field.selectionSet ? field.selectionSet : operation.selectionSet;
}

/**
 * Does not ask subgraphs for what is known: the `__typename` of an object whose field's type is an object type in the supergraph, so in every subgraph. In a long
 * list of entities it is a good part of the answer. Sources know the type instead.
 *
 * Places where fragments have different things under one name, and what is rewritten or required with its type, are left as they are.
 */
export function withoutKnownTypes(nodes: readonly RequestNode[], knowledge: Knowledge): void {
  const { whole: schema } = knowledge;
  if (!schema) return;
  const asked: { readonly node: RequestNode; readonly operation: OperationDefinitionNode }[] = [];
  for (const node of nodes) {
    const operation = operationIn(node.query);
    // What cannot be looked into might have anything anywhere.
    if (operation === null) return;
    asked.push({ node, operation });
  }
  const types = new Types(schema);
  for (const { node, operation } of asked) {
    const root = node.entities ? undefined : schema.getRootType(operation.operation);
    for (const { path, requires, inputRewrites } of node.sources) {
      const told = node.outputRewrites !== undefined || inputRewrites.length > 0;
      types.look(inside(operation, node), placeOf(path), root, told);
      types.require(requires ?? [], placeOf(path), true);
    }
  }
  for (const { node, operation } of asked) {
    const places = node.sources.map(({ path }) => placeOf(path));
    const set = inside(operation, node);
    const left = without(set, places, types);
    const stripped = stripIgnoredCharacters(print(replaced(operation, set, left)));
    if (stripped.length < node.query.length) node.query = stripped;
    node.sources = node.sources.map((source) => {
      const known = { ...source, type: types.at(placeOf(source.path)) };
      return source.represent && known.type !== undefined ? { ...known, represent: representing(known, knowledge) } : source;
    });
  }
}

function replaced(operation: OperationDefinitionNode, set: SelectionSetNode, left: SelectionSetNode): OperationDefinitionNode {
  if (operation.selectionSet === set) return { ...operation, selectionSet: left };
  const [field, ...others] = operation.selectionSet.selections;
  const entities = { ...field, selectionSet: left } as FieldNode;
  return { ...operation, selectionSet: { ...operation.selectionSet, selections: [entities, ...others] } };
}
