import type { Verdict } from '../run.ts';

/** Everything that was found, as one JSON document on stdout. */
export function printJson(verdict: Verdict): void {
  console.log(JSON.stringify(verdict, null, 2));
}
