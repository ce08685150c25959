import { z } from 'zod';

/** An id made by us: UUID version 7. */
export const id = z.uuid();
/** An id made elsewhere (a caller's reference, an account): any short token without dots, spaces or wildcards. */
export const reference = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, - or _');
/** Korean won: a whole number, never negative. */
export const krw = z.int().nonnegative();
/** An instant, as events carry it. */
export const instant = z.iso.datetime({ offset: true });
/** Chosen by the client, scoped to its account: the same key is the same request. */
export const idempotencyKey = z.string().min(1).max(128);
