import type { IncomingMessage } from 'node:http';
import { badRequest, batchingDisabled } from './bad-request.ts';
import { jsonBody } from './body.ts';

/** What a GraphQL request says. */
export interface Parameters {
  readonly query: string | undefined;
  /** Of a document that the router knows, instead of `query`. */
  readonly documentId?: string | undefined;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly extensions: Readonly<Record<string, unknown>>;
}

const NONE = {};

const record = (value: unknown, name: string): Readonly<Record<string, unknown>> => {
  if (value === undefined || value === null) return NONE;
  if (typeof value !== 'object' || Array.isArray(value)) throw badRequest(`\`${name}\` must be an object.`);
  return value as Record<string, unknown>;
};

const text = (value: unknown, name: string): string | undefined => {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw badRequest(`\`${name}\` must be a string.`);
  return value;
};

/** Reads a body that was JSON. @throws GraphQLError BAD_REQUEST or BATCHING_DISABLED, status 400 */
export function fromBody(body: unknown): Parameters {
  if (Array.isArray(body)) throw batchingDisabled();
  if (typeof body !== 'object' || body === null) throw badRequest('The body must be a JSON object.');
  const { query, documentId, operationName, variables, extensions } = body as Record<string, unknown>;
  return {
    query: text(query, 'query') || undefined,
    documentId: text(documentId, 'documentId') || undefined,
    operationName: text(operationName, 'operationName') || undefined,
    variables: record(variables, 'variables'),
    extensions: record(extensions, 'extensions'),
  };
}

/** Reads the query part of a URL. @throws GraphQLError BAD_REQUEST, status 400 */
export function fromSearch(search: string): Parameters {
  const parameters = new URLSearchParams(search);
  const once = (name: string): string | undefined => {
    const values = parameters.getAll(name);
    if (values.length > 1) throw badRequest(`\`${name}\` may be given only once.`);
    return values[0];
  };
  const json = (name: string): unknown => {
    const value = once(name);
    if (value === undefined) return undefined;
    try {
      return JSON.parse(value);
    } catch {
      throw badRequest(`\`${name}\` is not JSON.`);
    }
  };
  return fromBody({
    query: once('query'),
    documentId: once('documentId'),
    operationName: once('operationName'),
    variables: json('variables'),
    extensions: json('extensions'),
  });
}

/** Reads a GET or a POST. @throws GraphQLError with the HTTP status to answer with */
export async function parametersOf(request: IncomingMessage, search: string, limit: number): Promise<Parameters> {
  const asked = await oneOrMore(request, search, limit);
  return isBatch(asked) ? fromBody(asked) : asked;
}

export const isBatch = (asked: Parameters | readonly unknown[]): asked is readonly unknown[] => Array.isArray(asked);

/** As {@link parametersOf}; a batch is answered as it came. */
export async function oneOrMore(request: IncomingMessage, search: string, limit: number): Promise<Parameters | readonly unknown[]> {
  if (request.method === 'POST') {
    const body = await jsonBody(request, limit);
    return Array.isArray(body) ? (body as readonly unknown[]) : fromBody(body);
  }
  if (request.method !== 'GET') throw badRequest('Only GET and POST here.', { status: 405, headers: { allow: 'GET, POST' } });
  const type = request.headers['content-type'];
  if (type !== undefined && !/^application\/json\s*(;|$)/i.test(type))
    throw badRequest('A GET may have no content type but application/json.', { status: 415 });
  return fromSearch(search);
}
