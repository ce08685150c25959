import { randomFillSync } from 'node:crypto';
import { V7Generator } from 'uuidv7';
import type { Trail } from '../prisma/index.ts';

/** Request headers as node:http has them: lower-case names. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

const CORRELATION_ID = /^[\w.:-]{1,128}$/;
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(?:$|-)/;

/** Asking the system for a few bytes at a time is slow. */
const pool = Buffer.alloc(4_096);
let used = pool.length;

/** @returns where so many random bytes are in the pool, which nobody has had yet */
function drawn(bytes: number): number {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return used - bytes;
}

/** Random bytes in hexadecimal. */
function randomHex(bytes: number): string {
  const at = drawn(bytes);
  return pool.toString('hex', at, at + bytes);
}

const ids = new V7Generator({ nextUint32: () => pool.readUInt32LE(drawn(4)) });

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
    correlationId: correlationId !== undefined && CORRELATION_ID.test(correlationId) ? correlationId : ids.generate().toString(),
    traceparent,
  };
}

/** The headers that carry a trail to whom we call. */
export const trailHeaders = ({ correlationId, traceparent }: Trail): Record<string, string> => ({
  'x-correlation-id': correlationId,
  ...(traceparent === undefined ? {} : { traceparent }),
});
