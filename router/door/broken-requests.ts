import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** What node:http says of a request that it could not read, by its code: the answer to it. */
const ANSWERS: Readonly<Record<string, readonly [status: string, code: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'HEADERS_TOO_LARGE', 'The headers are larger than what is allowed.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['413 Payload Too Large', 'BODY_TOO_LARGE', 'The body is larger than what is allowed.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'REQUEST_TIMEOUT', 'The request did not arrive in time.'],
};
const NO_HTTP = ['400 Bad Request', 'BAD_REQUEST', 'That was no HTTP request.'] as const;

/** Answers what is no request, or none that ever ends, and closes its connection. */
export function refuseBroken(error: NodeJS.ErrnoException, socket: Socket): void {
  // As node:http's own handler has it: nothing is written into an answer that has begun.
  const { _httpMessage: answer } = socket as Socket & { readonly _httpMessage?: ServerResponse | null };
  if (error.code === 'ECONNRESET' || !socket.writable || answer?.headersSent) {
    socket.destroy();
    return;
  }
  const [status, code, message] = ANSWERS[error.code ?? ''] ?? NO_HTTP;
  const body = JSON.stringify({ errors: [{ message, extensions: { code } }] });
  const headers = `connection: close\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}`;
  socket.end(`HTTP/1.1 ${status}\r\n${headers}\r\n\r\n${body}`, () => socket.destroy());
}
