import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { isOutage } from '../context/outage.ts';
import { Refused, tryAgainLater } from '../domain/index.ts';
import { Unavailable } from '../resilience/index.ts';

const CLIENT_FAULTS = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
]);

export const INTERNAL = 'INTERNAL_SERVER_ERROR';

/** After how long a client may ask again when nobody knows how long an outage lasts. */
const SECONDS_OF_AN_OUTAGE = 2;

const innermost = (error: unknown): unknown =>
  error instanceof GraphQLError && error.originalError ? innermost(error.originalError) : error;

function refusalIn(cause: unknown): Refused | undefined {
  if (cause instanceof Refused) return cause;
  if (cause instanceof Unavailable) return tryAgainLater(cause.retryAfterSeconds);
  return isOutage(cause) ? tryAgainLater(SECONDS_OF_AN_OUTAGE) : undefined;
}

/** The client's own mistake, as graphql-js or Apollo Server tell it: its code; undefined for anything else. */
function clientFault(error: unknown, cause: unknown): string | undefined {
  if (!(error instanceof GraphQLError)) return undefined;
  const { code } = error.extensions;
  if (typeof code === 'string' && CLIENT_FAULTS.has(code)) return code;
  // graphql-js finds these while it executes and gives them no code: a variable of the wrong type, or null where its argument must not be.
  if (cause instanceof GraphQLError && /^(?:Argument "|Variable "\$)/.test(cause.message)) return 'BAD_USER_INPUT';
  return undefined;
}

/** The error as a client may see it. Without a fault of ours in it: no stack, no SQL, no other host's message. */
export function presented(error: unknown): GraphQLFormattedError {
  const cause = innermost(error);
  const { path, locations } = error instanceof GraphQLError ? error.toJSON() : {};
  const place = { ...(locations ? { locations } : {}), ...(path ? { path } : {}) };
  const refusal = refusalIn(cause);
  if (refusal) return { message: refusal.message, ...place, extensions: { ...refusal.details, code: refusal.code } };
  const code = clientFault(error, cause);
  if (code !== undefined) return { message: (error as GraphQLError).message, ...place, extensions: { code } };
  return { message: 'Internal error', ...place, extensions: { code: INTERNAL } };
}

/** What is to be logged of it: the error that was thrown, under GraphQL's wrappings. */
export const thrown = innermost;

export const isInternal = (error: GraphQLFormattedError): boolean => error.extensions?.code === INTERNAL;
