import { type GraphQLInputType, getNullableType, isEnumType, isInputObjectType, isListType, isNonNullType } from 'graphql';
import type { Random } from './random.ts';

/** A value of an input type, as variables have it. */
export function inputValue(type: GraphQLInputType, random: Random, depth = 0): unknown {
  if (!isNonNullType(type) && (depth > 2 || random.once(6))) return null;
  const named = getNullableType(type);
  if (isListType(named)) return Array.from({ length: random.integer(3) }, () => inputValue(named.ofType, random, depth + 1));
  if (isEnumType(named)) return random.of(named.getValues()).name;
  if (isInputObjectType(named)) {
    const given = Object.values(named.getFields()).filter(
      (field) => (isNonNullType(field.type) && field.defaultValue === undefined) || random.once(2),
    );
    return Object.fromEntries(given.map(({ name, type: of }) => [name, inputValue(of, random, depth + 1)]));
  }
  switch (named.name) {
    case 'Int':
      return random.integer(50);
    case 'Float':
      return random.integer(100) / 4;
    case 'Boolean':
      return random.once(2);
    default:
      return random.of(['1', 'two "quoted"', '셋\n$x', '']);
  }
}

/** The same value as a literal of a document. */
export function literal(type: GraphQLInputType, value: unknown): string {
  if (value === null) return 'null';
  const named = getNullableType(type);
  if (isListType(named)) return `[${(value as unknown[]).map((item) => literal(named.ofType, item)).join(', ')}]`;
  if (isEnumType(named)) return String(value);
  if (isInputObjectType(named)) {
    const fields = named.getFields();
    const entries = Object.entries(value as Record<string, unknown>);
    return `{ ${entries.map(([name, each]) => `${name}: ${literal((fields[name] as { type: GraphQLInputType }).type, each)}`).join(', ')} }`;
  }
  return JSON.stringify(value);
}
