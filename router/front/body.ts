import type { IncomingMessage } from 'node:http';
import { badRequest } from './bad-request.ts';

const CHARSET = /;\s*charset=(?!"?utf-?8"?\s*(;|$))/i;

/** Reads a JSON body of at most `limit` bytes. @throws GraphQLError with the HTTP status to answer with */
export function jsonBody(request: IncomingMessage, limit: number): Promise<unknown> {
  const type = request.headers['content-type'] ?? '';
  if (type !== 'application/json') {
    const [essence = ''] = type.split(';');
    if (essence.trim().toLowerCase() !== 'application/json')
      throw badRequest('A POST body must have the content type application/json.', { status: 415 });
    if (CHARSET.test(type)) throw badRequest('The body must be UTF-8.', { status: 415 });
  }
  const tooLarge = () => badRequest(`The body is larger than the ${limit} bytes that are allowed.`, { status: 413 }, 'BODY_TOO_LARGE');
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge();
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    request.on('data', (part: Buffer) => {
      size += part.length;
      if (size <= limit) parts.push(part);
      else {
        request.removeAllListeners('data').resume();
        reject(tooLarge());
      }
    });
    request.once('end', () => {
      const [first] = parts;
      try {
        resolve(JSON.parse((parts.length === 1 && first ? first : Buffer.concat(parts)).toString('utf8')));
      } catch {
        reject(badRequest('The body is not JSON.'));
      }
    });
    request.once('error', reject);
    request.once('close', () => request.readableEnded || reject(badRequest('The request was not finished.')));
  });
}
