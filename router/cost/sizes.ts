import { type ArgumentNode, type GraphQLArgument, Kind, type ValueNode, valueFromASTUntyped } from 'graphql';
import type { Cost, Values } from './cost.ts';
import type { ListSize } from './weights.ts';

type Reader = (variables: Values) => unknown;

/** How many entries there may be: the most that one of the slicing arguments says, else what is assumed. */
export function sizeOf(
  { assumed, slicing }: ListSize,
  args: readonly GraphQLArgument[],
  given: readonly ArgumentNode[],
  otherwise: number,
): Cost {
  const fallback = assumed ?? otherwise;
  const readers = slicing.map((path) => reader(path.split('.'), args, given));
  const most = (values: readonly unknown[]): number => {
    const numbers = values.filter((value) => typeof value === 'number');
    return numbers.length === 0 ? fallback : Math.max(0, ...numbers);
  };
  if (!readers.some(({ open }) => open)) return most(readers.map(({ read }) => read({})));
  return (variables) => most(readers.map(({ read }) => read(variables)));
}

/** Reads one slicing argument, or what it is by default. */
function reader([name = '', ...path]: readonly string[], args: readonly GraphQLArgument[], given: readonly ArgumentNode[]) {
  const byDefault = args.find((argument) => argument.name === name)?.defaultValue;
  const value = given.find((argument) => argument.name.value === name)?.value;
  const within = (from: unknown): unknown =>
    path.reduce((at, key) => (typeof at === 'object' && at !== null ? (at as Values)[key] : undefined), from);
  const read: Reader = (variables) => {
    const told = value && valueFromASTUntyped(value, variables);
    return within(told === undefined ? byDefault : told);
  };
  return { read, open: value !== undefined && hasVariable(value) };
}

export function hasVariable(value: ValueNode): boolean {
  if (value.kind === Kind.VARIABLE) return true;
  if (value.kind === Kind.LIST) return value.values.some(hasVariable);
  return value.kind === Kind.OBJECT && value.fields.some((field) => hasVariable(field.value));
}
