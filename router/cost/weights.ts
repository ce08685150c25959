import { type ConstDirectiveNode, type ConstValueNode, type DocumentNode, Kind, type NameNode } from 'graphql';

/** How long a list may get: `@listSize`. */
export interface ListSize {
  readonly assumed: number | undefined;
  /** Arguments that say how long; `filter.max` is `max` in the input object `filter`. */
  readonly slicing: readonly string[];
  /** The lists below the field that it is said of; none: the field itself. */
  readonly sized: readonly string[];
}

/** What the supergraph says of cost: of a type (`Book`), a field (`Book.price`) or an argument (`Query.books(first)`). */
export interface Weights {
  readonly costs: ReadonlyMap<string, number>;
  readonly sizes: ReadonlyMap<string, ListSize>;
}

interface Described {
  readonly name: NameNode;
  readonly directives?: readonly ConstDirectiveNode[] | undefined;
}

const COST_SPEC = 'https://specs.apollo.dev/cost/';

/** Reads `@cost` and `@listSize` out of a composed supergraph. */
export function weightsOf(supergraph: DocumentNode): Weights {
  const costs = new Map<string, number>();
  const sizes = new Map<string, ListSize>();
  const { cost, listSize } = namesIn(supergraph);

  const take = (at: string, { directives = [] }: Described): void => {
    for (const directive of directives) {
      if (directive.name.value === cost) costs.set(at, numberOf(argument(directive, 'weight')) ?? 0);
      if (directive.name.value === listSize) sizes.set(at, sizeOf(directive));
    }
  };

  for (const type of supergraph.definitions) {
    if (!('name' in type) || !type.name || !('directives' in type)) continue;
    const { value: name } = type.name;
    if (type.kind === Kind.SCALAR_TYPE_DEFINITION || type.kind === Kind.ENUM_TYPE_DEFINITION) take(name, type);
    if (type.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION) for (const field of type.fields ?? []) take(`${name}.${field.name.value}`, field);
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION && type.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    take(name, type);
    for (const field of type.fields ?? []) {
      const at = `${name}.${field.name.value}`;
      take(at, field);
      for (const given of field.arguments ?? []) take(`${at}(${given.name.value})`, given);
    }
  }
  return { costs, sizes };
}

/** What the two directives are called there: a subgraph may import them by another name, or not at all. */
function namesIn(supergraph: DocumentNode): { cost: string; listSize: string } {
  const names = new Map([
    ['@cost', '@cost'],
    ['@listSize', '@listSize'],
  ]);
  for (const node of supergraph.definitions) {
    if (node.kind !== Kind.SCHEMA_DEFINITION && node.kind !== Kind.SCHEMA_EXTENSION) continue;
    for (const link of node.directives ?? []) {
      const url = argument(link, 'url');
      if (url?.kind !== Kind.STRING || !url.value.startsWith(COST_SPEC)) continue;
      const imports = argument(link, 'import');
      for (const one of imports?.kind === Kind.LIST ? imports.values : []) {
        if (one.kind !== Kind.OBJECT) continue;
        const [from, to] = ['name', 'as'].map((key) => one.fields.find((field) => field.name.value === key)?.value);
        if (from?.kind === Kind.STRING && to?.kind === Kind.STRING) names.set(from.value, to.value);
      }
    }
  }
  const [cost = '', listSize = ''] = [...names.values()].map((name) => name.slice(1));
  return { cost, listSize };
}

const argument = (directive: ConstDirectiveNode, name: string): ConstValueNode | undefined =>
  directive.arguments?.find((given) => given.name.value === name)?.value;

/** The IBM specification writes weights as strings, federation as numbers. */
const numberOf = (value: ConstValueNode | undefined): number | undefined =>
  value?.kind === Kind.INT || value?.kind === Kind.FLOAT || value?.kind === Kind.STRING ? Number(value.value) : undefined;

const words = (value: ConstValueNode | undefined): string[] =>
  value?.kind === Kind.LIST ? value.values.flatMap((word) => (word.kind === Kind.STRING ? [word.value] : [])) : [];

function sizeOf(directive: ConstDirectiveNode): ListSize {
  return {
    assumed: numberOf(argument(directive, 'assumedSize')),
    slicing: words(argument(directive, 'slicingArguments')),
    sized: words(argument(directive, 'sizedFields')),
  };
}
