import { GraphQLError } from 'graphql';

/** Refusals of a document or an operation for what it is, whoever sends it. They are answered as an invalid document is. */
export const REFUSALS = [
  'DOCUMENT_TOO_LARGE',
  'TOO_MANY_TOKENS',
  'DOCUMENT_TOO_DEEP',
  'TOO_MANY_FIELDS',
  'TOO_MANY_ROOT_FIELDS',
  'TOO_MANY_ALIASES',
  'TOO_MANY_DIRECTIVES',
  'TOO_MANY_DEFINITIONS',
  'TOO_MANY_REPETITIONS',
  'INTROSPECTION_DISABLED',
  'PERSISTED_OPERATION_REQUIRED',
  'COST_LIMIT_EXCEEDED',
] as const;

export type Refusal = (typeof REFUSALS)[number];

const known: ReadonlySet<unknown> = new Set(REFUSALS);

export const isRefusal = (error: GraphQLError): boolean => known.has(error.extensions.code);

export const refusal = (code: Refusal, message: string, more: Readonly<Record<string, unknown>> = {}): GraphQLError =>
  new GraphQLError(message, { extensions: { code, ...more } });

/** More of something than is allowed. Counting ends where the limit is passed, so `found` may be less than there is. */
export const beyond = (code: Refusal, what: string, limit: number, found: number): GraphQLError =>
  refusal(code, `${what}: ${found} found, ${limit} allowed.`, { limit, found });
