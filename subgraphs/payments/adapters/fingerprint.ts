import { createHmac } from 'node:crypto';

/** Equal for equal numbers; without the secret it tells nothing of the number. */
export type Fingerprint = (number: string) => string;

export const fingerprints =
  (secret: string | Buffer): Fingerprint =>
  (number) =>
    createHmac('sha256', secret).update(number).digest('base64url');
