import {
  type ArgumentNode,
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLNamedInputType,
  getNamedType,
  isInputObjectType,
  valueFromASTUntyped,
} from 'graphql';
import { type Cost, sum } from './cost.ts';
import { hasVariable } from './sizes.ts';
import type { Weights } from './weights.ts';

const NOTHING = {};

/** What arguments cost: themselves, and the fields of their input objects, as far as they are given. */
export function argumentCosts({ costs }: Weights) {
  const known = new Map<GraphQLNamedInputType, boolean>();

  /** Whether a value of that type may cost anything. */
  function isCostly(type: GraphQLNamedInputType): boolean {
    const seen = known.get(type);
    if (seen !== undefined) return seen;
    known.set(type, false);
    const is =
      costs.has(type.name) ||
      (isInputObjectType(type) &&
        Object.values(type.getFields()).some((field) => costs.has(`${type.name}.${field.name}`) || isCostly(getNamedType(field.type))));
    known.set(type, is);
    return is;
  }

  function ofValue(type: GraphQLInputType, value: unknown): number {
    if (value === undefined || value === null) return 0;
    if (Array.isArray(value)) return value.reduce((all: number, entry) => all + ofValue(type, entry), 0);
    const named = getNamedType(type);
    const own = costs.get(named.name) ?? 0;
    if (!isInputObjectType(named) || typeof value !== 'object') return own;
    return Object.values(named.getFields()).reduce((all, field) => {
      const part = (value as Readonly<Record<string, unknown>>)[field.name];
      return part === undefined ? all : all + (costs.get(`${named.name}.${field.name}`) ?? 0) + ofValue(field.type, part);
    }, own);
  }

  /** @param at the field, as `Query.books` */
  return (at: string, args: readonly GraphQLArgument[], given: readonly ArgumentNode[]): Cost =>
    sum(
      given.map(({ name, value }): Cost => {
        const own = costs.get(`${at}(${name.value})`) ?? 0;
        const type = args.find((argument) => argument.name === name.value)?.type;
        if (!type || !isCostly(getNamedType(type))) return own;
        if (!hasVariable(value)) return own + ofValue(type, valueFromASTUntyped(value, NOTHING));
        return (variables) => own + ofValue(type, valueFromASTUntyped(value, variables));
      }),
    );
}
