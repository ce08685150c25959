import { edgePrefix } from '../resilience/settings.ts';

/** The variables of an edge whose breaker is open for a moment only, and closed by one good call, so that the next test finds it closed. */
export function quickBreaker(caller: string, callee: string): Record<string, string> {
  const edge = edgePrefix(caller, callee);
  return { [`${edge}BREAKER_OPEN_MS`]: '200', [`${edge}BREAKER_TRIALS`]: '1' };
}
