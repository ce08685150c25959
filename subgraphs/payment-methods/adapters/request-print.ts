import { createHmac } from 'node:crypto';
import type { Kind } from '../numbers.ts';

/** Tells whether two registrations ask for the same; without the secret it tells nothing of the number. */
export type RequestPrint = (kind: Kind, number: string) => string;

export const requestPrints =
  (secret: string | Buffer): RequestPrint =>
  (kind, number) =>
    createHmac('sha256', secret).update(`${kind}:${number}`).digest('base64url');
