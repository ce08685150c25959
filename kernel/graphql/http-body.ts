import type { IncomingMessage } from 'node:http';
import { GraphQLError } from 'graphql';

/** Longest body that is read, in bytes. */
export const MOST_BYTES = 1_048_576;

/** A body that is no GraphQL request; `status` is the HTTP answer. */
export class BadBody extends GraphQLError {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message, { extensions: { code: 'BAD_REQUEST' } });
    this.status = status;
  }
}

/** Reads a JSON body. @throws BadBody: 413 for more than 1 MB, 415 for another content type, 400 for what is not JSON */
export async function jsonBody(request: IncomingMessage): Promise<unknown> {
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type)) throw new BadBody(415, 'The body must be application/json.');
  const tooLarge = () => new BadBody(413, `The body must not be longer than ${MOST_BYTES} bytes.`);
  if (Number(request.headers['content-length']) > MOST_BYTES) throw tooLarge();
  const body = await wholeBody(request, tooLarge);
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new BadBody(400, 'The body is not valid JSON.');
  }
}

/** By events: iterating costs several promises a request. */
function wholeBody(request: IncomingMessage, tooLarge: () => BadBody): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= MOST_BYTES) return chunks.push(chunk);
      request.removeAllListeners('data').pause();
      reject(tooLarge());
    });
    request.once('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    request.once('error', reject);
    request.once('close', () => request.readableEnded || reject(new Error('the request was not finished')));
  });
}
