/** Statuses that docs/security.md names. A 500 is none of them. */
export const STATUSES = new Set([200, 201, 202, 204, 400, 401, 403, 404, 405, 406, 408, 409, 413, 415, 417, 429, 431, 503]);
/** Close codes that docs/security.md names; 1005: closed without one, 1006: cut off by whoever sent what is no frame. */
export const CLOSE_CODES = new Set([1000, 1001, 1002, 1003, 1005, 1006, 1007, 1009, 1013, 4400, 4401, 4403, 4406, 4408, 4409, 4429]);

const OURS = /node:internal|\bat \S+ \(.*:\d+:\d+\)|\.ts:\d+|ECONN|127\.0\.0\.1|\[object Object\]|\bundefined\b/;

function wrongWith(error: unknown): string | undefined {
  const { message, extensions } = (error ?? {}) as { message?: unknown; extensions?: { code?: unknown } };
  if (typeof message !== 'string' || message === '') return 'an error without a message';
  if (typeof extensions?.code !== 'string') return 'an error without a code';
  if (extensions.code === 'INTERNAL_SERVER_ERROR') return 'INTERNAL_SERVER_ERROR';
  return OURS.test(message) ? 'an error that tells what is ours' : undefined;
}

/** What is wrong with a GraphQL answer; undefined: nothing. */
export function wrongWithResult(result: unknown): string | undefined {
  if (typeof result !== 'object' || result === null) return 'no result';
  const { data, errors } = result as { data?: unknown; errors?: unknown };
  if (errors === undefined) return data === undefined ? 'neither data nor errors' : undefined;
  if (!Array.isArray(errors) || errors.length === 0) return 'errors that are none';
  for (const error of errors) {
    const wrong = wrongWith(error);
    if (wrong) return wrong;
  }
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What is wrong with an answer by HTTP. */
export function wrongWithAnswer(status: number, type: string, text: string): string | undefined {
  if (!STATUSES.has(status)) return `status ${status}`;
  if (type.startsWith('text/event-stream')) return OURS.test(text) ? 'a stream that tells what is ours' : undefined;
  if (type.startsWith('multipart/mixed')) return text.startsWith('--graphql') ? undefined : 'no multipart answer';
  if (!/^application\/(graphql-response\+)?json/.test(type))
    return status < 400 || status === 417 ? undefined : `a ${status} without a reason`;
  const answer = parsed(text) as { error?: unknown; healthy?: unknown } | undefined;
  // Beside /graphql.
  if (typeof answer?.error === 'string' || answer?.healthy === true) return undefined;
  return wrongWithResult(answer);
}

const TYPES = new Set(['connection_ack', 'ping', 'pong', 'next', 'error', 'complete']);

/** What is wrong with a message by WebSocket. */
export function wrongWithMessage(text: string): string | undefined {
  const message = parsed(text) as { type?: string; payload?: unknown } | undefined;
  if (!TYPES.has(message?.type ?? '')) return 'no message of the protocol';
  if (message?.type === 'next') return wrongWithResult(message.payload);
  return message?.type === 'error' ? wrongWithResult({ errors: message.payload }) : undefined;
}
