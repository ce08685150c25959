import type { GraphQLFormattedError } from 'graphql';
import type { Result } from '../engine/engine.ts';
import { difference } from './difference.ts';

/** More are not told. */
const MOST_PATHS = 25;

const key = (path: readonly (string | number)[] | undefined): string => JSON.stringify(path ?? null);

/** Whether the errors are about the same places. */
export function errorDifference(ours: Result, truth: Result): string | undefined {
  const paths = ({ errors = [] }: Result) => new Set(errors.map(({ path }) => key(path)));
  const [mine, theirs] = [paths(ours), paths(truth)];
  if (theirs.size >= MOST_PATHS) return undefined;
  const missing = [...theirs].filter((path) => !mine.has(path));
  return missing.length > 0 ? `no error for ${missing.join(' ')}` : undefined;
}

/** Where something else is said than the truth: what is missing is allowed. */
export function lie(said: unknown, truth: unknown, path = ''): string | undefined {
  if (said === null) return undefined;
  if (typeof said !== 'object' || typeof truth !== 'object' || truth === null) return difference(said, truth, true, path);
  const [mine, theirs] = [Object.keys(said), Object.keys(truth)];
  if (mine.join() !== theirs.join()) return `${path || '(all)'}: fields ${mine.join()} and ${theirs.join()}`;
  for (const each of mine) {
    const found = lie((said as Record<string, unknown>)[each], (truth as Record<string, unknown>)[each], `${path}.${each}`);
    if (found) return found;
  }
  return undefined;
}

/** Where something is missing that the other one has. */
export function missing(said: unknown, other: unknown, path = ''): string | undefined {
  if (other === null || other === undefined) return undefined;
  if (said === null || said === undefined) return `${path || '(all)'} is missing`;
  if (typeof said !== 'object' || typeof other !== 'object') return undefined;
  for (const each of Object.keys(other)) {
    const found = missing((said as Record<string, unknown>)[each], (other as Record<string, unknown>)[each], `${path}.${each}`);
    if (found) return found;
  }
  return undefined;
}

/** Errors that say nothing about where they are. */
export const withoutPath = (errors: readonly GraphQLFormattedError[] = []): string | undefined =>
  errors.some(({ path }) => !path || path.length === 0) ? 'an error without a path' : undefined;
