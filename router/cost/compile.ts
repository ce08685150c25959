import {
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { argumentCosts } from './arguments.ts';
import { type Condition, conditionsOf, where } from './conditions.ts';
import { type Cost, greatest, product, sum } from './cost.ts';
import { sizeOf } from './sizes.ts';
import type { Weights } from './weights.ts';

/** What a mutation costs by itself. */
const MUTATION = 10;
/** What `__schema` or `__type` costs; the router answers it, from memory. */
const INTROSPECTION = 100;

/** Where a selection set is merged from, and when. */
interface Part {
  readonly set: SelectionSetNode;
  readonly conditions: readonly Condition[];
}

/** A field of one type, wherever it is selected. */
interface Term {
  readonly type: GraphQLNamedType;
  readonly node: Extract<SelectionNode, { kind: Kind.FIELD }>;
  readonly alternatives: (readonly Condition[])[];
  readonly below: Part[];
}

/** Sizes that a field says of lists in what it answers. */
interface Sized {
  readonly names: readonly string[];
  readonly size: Cost;
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

const levelsOf = (type: GraphQLOutputType): number =>
  isNonNullType(type) ? levelsOf(type.ofType) : isListType(type) ? 1 + levelsOf(type.ofType) : 0;

/**
 * Static cost, as Apollo's demand control has it, of an operation as the client wrote it: an object costs 1, a scalar nothing, `@cost` says otherwise; what is below a list
 * as often as the list may be long (`@listSize`); a mutation 10 more. Fields that are merged count once, of types that exclude each other the dearest.
 *
 * @param listSize length of a list of which nothing is said
 */
export function costing(schema: GraphQLSchema, weights: Weights, listSize: number) {
  const { costs, sizes } = weights;
  const ofArguments = argumentCosts(weights);

  /** The types that an object of `type` may be of. */
  const possible = (type: GraphQLNamedType): readonly GraphQLObjectType[] =>
    isAbstractType(type) ? schema.getPossibleTypes(type) : isObjectType(type) ? [type] : [];

  /** What is said of a field: at the type itself, else at those that it may be. */
  const said = <T>(from: ReadonlyMap<string, T>, type: GraphQLNamedType, field: string): readonly T[] => {
    const own = from.get(`${type.name}.${field}`);
    if (own !== undefined) return [own];
    return isInterfaceType(type) ? possible(type).flatMap(({ name }) => from.get(`${name}.${field}`) ?? []) : [];
  };

  const ofType = (type: GraphQLNamedType): number => {
    const own = costs.get(type.name);
    if (own !== undefined) return own;
    if (!isCompositeType(type)) return 0;
    return isAbstractType(type) ? Math.max(1, ...possible(type).map(({ name }) => costs.get(name) ?? 1)) : 1;
  };

  function compiled(operation: OperationDefinitionNode, fragments: Fragments): Cost {
    const root = schema.getRootType(operation.operation);
    const own = operation.operation === 'mutation' ? MUTATION : 0;
    return root ? sum([own, scope(root, [{ set: operation.selectionSet, conditions: [] }], fragments)]) : own;
  }

  function scope(type: GraphQLNamedType, parts: readonly Part[], fragments: Fragments, sized?: Sized): Cost {
    const byType = new Map<GraphQLNamedType, Cost[]>();
    for (const term of termsOf(type, parts, fragments)) {
      const cost = where(term.alternatives, ofField(term, fragments, sized));
      const others = byType.get(term.type);
      if (others) others.push(cost);
      else byType.set(term.type, [cost]);
    }
    const [[only, costsOfOnly] = [undefined, []], ...more] = byType;
    if (more.length === 0 && (only === undefined || only === type)) return sum(costsOfOnly);
    const whole = new Map([...byType].map(([of, all]) => [of, sum(all)]));
    const cases = new Map<string, Cost>();
    for (const object of possible(type)) {
      const applying = [...whole].filter(([of]) => of === object || (isAbstractType(of) && schema.isSubType(of, object)));
      cases.set(applying.map(([of]) => of.name).join(), sum(applying.map(([, cost]) => cost)));
    }
    return greatest([...cases.values()]);
  }

  function ofField({ type, node, below }: Term, fragments: Fragments, sized: Sized | undefined): Cost {
    const { value: name } = node.name;
    if (name === '__typename') return 0;
    if (name === '__schema' || name === '__type') return INTROSPECTION;
    const field = fieldOf(type, name);
    if (!field) return 0;
    const named = getNamedType(field.type);
    const given = node.arguments ?? [];
    const [size] = said(sizes, type, name);
    const told = size && sizeOf(size, field.args, given, listSize);
    const inner = size && size.sized.length > 0 ? { names: size.sized, size: told ?? listSize } : undefined;
    const own = said(costs, type, name);
    const one = sum([
      own.length > 0 ? Math.max(...own) : ofType(named),
      isCompositeType(named) ? scope(named, below, fragments, inner) : 0,
    ]);
    const levels = levelsOf(field.type);
    const outer = sized?.names.includes(name) ? sized.size : inner ? listSize : (told ?? listSize);
    const instances = levels === 0 ? 1 : product(outer, listSize ** (levels - 1));
    return sum([product(instances, one), ofArguments(`${type.name}.${name}`, field.args, given)]);
  }

  const fieldOf = (type: GraphQLNamedType, name: string): GraphQLField<unknown, unknown> | undefined =>
    isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;

  function termsOf(type: GraphQLNamedType, parts: readonly Part[], fragments: Fragments): Iterable<Term> {
    const terms = new Map<string, Term>();
    const times = timesSpread(parts, fragments);
    const visited = new Set<string>();

    function collect(within: GraphQLNamedType, set: SelectionSetNode, outer: readonly Condition[]): void {
      for (const node of set.selections) {
        const own = conditionsOf(node.directives);
        if (own === null) continue;
        const conditions = own.length === 0 ? outer : [...outer, ...own];
        if (node.kind === Kind.FIELD) add(within, node, conditions);
        else if (node.kind === Kind.INLINE_FRAGMENT) collect(typeOf(node.typeCondition?.name.value, within), node.selectionSet, conditions);
        else {
          const { value: name } = node.name;
          const fragment = fragments.get(name);
          if (!fragment || visited.has(name)) continue;
          visited.add(name);
          // Each fragment is looked at once, or there would be no end: one that is spread under several conditions counts in any case.
          collect(typeOf(fragment.typeCondition.name.value, within), fragment.selectionSet, times.get(name) === 1 ? conditions : []);
        }
      }
    }

    function add(within: GraphQLNamedType, node: Term['node'], conditions: readonly Condition[]): void {
      const key = `${within.name}.${node.alias?.value ?? node.name.value}`;
      const known = terms.get(key) ?? { type: within, node, alternatives: [], below: [] };
      known.alternatives.push(conditions);
      if (node.selectionSet) known.below.push({ set: node.selectionSet, conditions });
      terms.set(key, known);
    }

    for (const { set, conditions } of parts) collect(type, set, conditions);
    return terms.values();
  }

  const typeOf = (name: string | undefined, otherwise: GraphQLNamedType): GraphQLNamedType =>
    (name === undefined ? undefined : schema.getType(name)) ?? otherwise;

  return compiled;
}

/** How often each fragment is spread in what is merged. */
function timesSpread(parts: readonly Part[], fragments: Fragments): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  const look = ({ selections }: SelectionSetNode): void => {
    for (const node of selections) {
      if (node.kind === Kind.INLINE_FRAGMENT) look(node.selectionSet);
      if (node.kind !== Kind.FRAGMENT_SPREAD) continue;
      const { value: name } = node.name;
      const before = times.get(name) ?? 0;
      times.set(name, before + 1);
      const fragment = before === 0 ? fragments.get(name) : undefined;
      if (fragment) look(fragment.selectionSet);
    }
  };
  for (const { set } of parts) look(set);
  return times;
}
