import { upperName } from '../context/config.ts';

/** The variables of an edge whose breaker is open for a moment only, and closed by one good call, so that the next test finds it closed. */
export function quickBreaker(caller: string, callee: string): Record<string, string> {
  const edge = `${upperName(caller)}_TO_${upperName(callee)}`;
  return { [`${edge}_BREAKER_OPEN_MS`]: '200', [`${edge}_BREAKER_TRIALS`]: '1' };
}
