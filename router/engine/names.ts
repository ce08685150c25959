import type { GraphQLFormattedError } from 'graphql';
import type { Data } from './data.ts';
import type { Path } from './plan/locate.ts';

/** What the client calls the things that have numbers in the canonical document, in the order of their numbers. */
export interface Names {
  readonly responses: readonly string[];
  readonly variables: readonly string[];
}

/** A response name begins like that and goes on with its number. No schema may have a field that begins with two underscores. */
export const RESPONSE = '__a';
export const VARIABLE = 'v';

const NUMBERED = /^__a(\d+)$/;
const ABOUT_VARIABLE = /^(Variable "\$)v(\d+)(".*?)(?: at "v\2([.[].*))?$/s;

/** Which response name a key of the data is; -1 where it is the client's own. */
export const numberOf = (key: string): number => Number(NUMBERED.exec(key)?.[1] ?? -1);

/** The client's name of a key of the data. */
export const clientName = (key: string, { responses }: Names): string => responses[numberOf(key)] ?? key;

/** The client's name of a variable. */
export const clientVariable = (variable: string, { variables }: Names): string =>
  variables[Number(variable.slice(VARIABLE.length))] ?? variable;

/** A path as the client sees it. */
export const clientPath = (path: Path, names: Names): Path =>
  path.map((part) => (typeof part === 'string' ? clientName(part, names) : part));

/** A subgraph's error as it is about what the client asked. */
export function clientError(error: GraphQLFormattedError, names: Names): GraphQLFormattedError {
  const path = error.path && { path: clientPath(error.path, names) };
  const message = error.message?.replace(ABOUT_VARIABLE, (text, before: string, number: string, after: string, rest?: string) => {
    const name = names.variables[Number(number)];
    if (name === undefined) return text;
    return `${before}${name}${after}${rest === undefined ? '' : ` at "${name}${rest}`}`;
  });
  return { ...error, message, ...path };
}

const NOTHING: Data = {};

/**
 * The values of the variables, by their numbers: as the client sent them, or else their defaults.
 * @param coerced with their defaults
 */
export function numbered(raw: Readonly<Data>, coerced: Readonly<Data>, { variables }: Names): Data {
  if (variables.length === 0) return NOTHING;
  const values: Data = {};
  for (let number = 0; number < variables.length; number++) {
    const name = variables[number] as string;
    const value =
      Object.hasOwn(raw, name) && raw[name] !== undefined ? raw[name] : Object.hasOwn(coerced, name) ? coerced[name] : undefined;
    if (value !== undefined) values[VARIABLE + number] = value;
  }
  return values;
}
