import { randomBytes } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import type { Trail } from '../prisma/index.ts';

/** Request headers as node:http has them: lower-case names. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

const CORRELATION_ID = /^[\w.:-]{1,128}$/;
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(?:$|-)/;

let pool = Buffer.alloc(0);

/** Random bytes in hexadecimal; drawn from a pool, as asking the system for a few bytes at a time is slow. */
function randomHex(bytes: number): string {
  if (pool.length < bytes) pool = randomBytes(4_096);
  const hex = pool.toString('hex', 0, bytes);
  pool = pool.subarray(bytes);
  return hex;
}

const single = (value: string | readonly string[] | undefined): string | undefined => (typeof value === 'string' ? value : value?.[0]);

/**
 * The next hop of a W3C trace: the same trace and flags with a span id of its own. Without a valid `traceparent` a new, sampled trace begins.
 * What is of a later version than 00 is taken by its first four fields, as the recommendation asks.
 */
export function nextTraceparent(traceparent?: string): string {
  const match = TRACEPARENT.exec(traceparent ?? '');
  const span = randomHex(8);
  if (match === null) return `00-${randomHex(16)}-${span}-01`;
  return `00-${match[1]}-${span}-${match[2]}`;
}

/** The trace id of a traceparent; undefined when it has none. */
export const traceIdOf = (traceparent: string | undefined): string | undefined => TRACEPARENT.exec(traceparent ?? '')?.[1];

/** What a request says it is part of. */
export const traceparentIn = (headers: Headers): string | undefined => single(headers.traceparent);

/**
 * The trail of a request: `x-correlation-id` as it came (a new UUIDv7 if there is none, or one that no log should hold), and a `traceparent` for the span that
 * this request is: the one that is given, or a new one.
 */
export function trailFrom(headers: Headers, traceparent = nextTraceparent(traceparentIn(headers))): Trail {
  const correlationId = single(headers['x-correlation-id']);
  return {
    correlationId: correlationId !== undefined && CORRELATION_ID.test(correlationId) ? correlationId : uuidv7(),
    traceparent,
  };
}

/** The headers that carry a trail to whom we call. */
export const trailHeaders = ({ correlationId, traceparent }: Trail): Record<string, string> => ({
  'x-correlation-id': correlationId,
  ...(traceparent === undefined ? {} : { traceparent }),
});
