import type { IncomingMessage } from 'node:http';
import { GraphQLError } from 'graphql';

const problem = (status: number, code: string, message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code, http: { status } } });

/** Reads a JSON body of at most `limit` bytes. @throws GraphQLError with the HTTP status to answer with */
export async function jsonBody(request: IncomingMessage, limit: number): Promise<unknown> {
  const type = request.headers['content-type'] ?? '';
  const [essence = '', ...parameters] = type
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  if (essence !== 'application/json') throw problem(415, 'BAD_REQUEST', 'A POST body must have the content type application/json.');
  if (parameters.some((parameter) => /^charset=(?!"?utf-?8"?$)/.test(parameter)))
    throw problem(415, 'BAD_REQUEST', 'The body must be UTF-8.');
  const tooLarge = () => problem(413, 'BODY_TOO_LARGE', `The body is larger than the ${limit} bytes that are allowed.`);
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge();
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > limit) throw tooLarge();
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    throw problem(400, 'BAD_REQUEST', 'The body is not JSON.');
  }
}
