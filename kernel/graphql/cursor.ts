import { badInput } from '../domain/index.ts';

/** An opaque cursor: JSON in base64url. */
export const encodeCursor = (content: unknown): string => Buffer.from(JSON.stringify(content), 'utf8').toString('base64url');

/** What a cursor of a client holds; still to be checked. @throws Refused BAD_INPUT, field `after` */
export function decodeCursor(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw brokenCursor();
  }
}

export const brokenCursor = () => badInput('after', 'after: this is not a cursor that this list or subscription gave.');
