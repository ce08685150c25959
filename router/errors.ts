import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { withoutValues } from './without-values.ts';

/** Codes that tell of a fault on our side when a subgraph answers with them; a client could do nothing about it. */
const FAULTS = new Set([
  'INTERNAL_SERVER_ERROR',
  'DOWNSTREAM_SERVICE_ERROR',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'INVALID_GRAPHQL',
]);
/** What GraphQL itself says to a document or a variable; it quotes what it does not like. */
const QUOTES = new Set(['BAD_USER_INPUT', 'GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED']);
/** What never leaves the router: names of services, stacks, HTTP details. */
const SECRET = new Set(['serviceName', 'stacktrace', 'exception', 'http', 'response', 'request']);

const fromSubgraph = (error: GraphQLFormattedError): boolean => error.extensions?.serviceName !== undefined;

/** True when the client must not see it as it is. */
export function isFault(error: GraphQLFormattedError): boolean {
  const code = String(error.extensions?.code ?? 'INTERNAL_SERVER_ERROR');
  if (code === 'INTERNAL_SERVER_ERROR' || code === 'DOWNSTREAM_SERVICE_ERROR') return true;
  if (!fromSubgraph(error)) return false;
  return FAULTS.has(code) || code.startsWith('GRAPHQL_') || (code === 'BAD_USER_INPUT' && error.message.includes('representations'));
}

/**
 * An error as the client gets it: refusals with message, path, code and details; faults masked, with the correlation id to look for in the log.
 */
export function present(error: GraphQLFormattedError, correlationId: string): GraphQLFormattedError {
  const path = error.path ? { path: error.path } : {};
  if (isFault(error)) return { message: 'Internal error', ...path, extensions: { code: 'INTERNAL_SERVER_ERROR', correlationId } };
  const extensions = Object.fromEntries(Object.entries(error.extensions ?? {}).filter(([name]) => !SECRET.has(name)));
  const locations = error.locations && !fromSubgraph(error) ? { locations: error.locations } : {};
  const message = QUOTES.has(String(error.extensions?.code)) ? withoutValues(error.message) : error.message;
  return { message, ...locations, ...path, extensions };
}

/** What was thrown, as a GraphQL error. */
export const asGraphQLError = (thrown: unknown): GraphQLError =>
  thrown instanceof GraphQLError
    ? thrown
    : new GraphQLError('Internal error', { originalError: thrown instanceof Error ? thrown : new Error(String(thrown)) });

const refusal = (code: string, message: string, more: Record<string, unknown> = {}): GraphQLError =>
  new GraphQLError(message, { extensions: { code, ...more } });

export const unauthenticated = (message: string): GraphQLError => refusal('UNAUTHENTICATED', message, { http: { status: 401 } });

export const tryAgainLater = (retryAfterSeconds: number, what: string): GraphQLError =>
  refusal('TRY_AGAIN_LATER', `${what} is not available at the moment. 잠시 후 다시 시도해 주세요.`, { retryAfterSeconds });

const resume = (cursor: string | undefined): string =>
  cursor === undefined ? 'with `after: <cursor>` of the last event received' : `with \`after: ${JSON.stringify(cursor)}\``;

/** The way to the events' subgraph was lost, or that subgraph goes away; the subscription is over, though not complete. */
export const interrupted = (cursor: string | undefined): GraphQLError =>
  refusal('SUBSCRIPTION_INTERRUPTED', `The subscription was interrupted: resubscribe ${resume(cursor)}.`, {
    retryAfterSeconds: 1,
    ...(cursor === undefined ? {} : { resumeAfter: cursor }),
  });

/** The client does not keep up. */
export const slowConsumer = (cursor: string | undefined): GraphQLError =>
  refusal(
    'SLOW_CONSUMER',
    `Events came faster than they were read: resume ${resume(cursor)}.`,
    cursor === undefined ? {} : { resumeAfter: cursor },
  );

/** The schema has changed, and what was subscribed to is not in it any more. */
export const schemaChanged = (cursor: string | undefined): GraphQLError =>
  refusal(
    'SCHEMA_CHANGED',
    'The schema has changed, and this subscription is not valid any more.',
    cursor === undefined ? {} : { resumeAfter: cursor },
  );
