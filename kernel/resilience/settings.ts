import { z } from 'zod';

/** How an edge behaves. Every number can be set per edge by a variable: `APPLICATIONS_TO_PAYMENTS_TIMEOUT_MS`. */
export interface EdgeSettings {
  /** Longest a single try may take, ms. The figure is the original services' Hystrix time-out. @default 610 */
  readonly tryTimeoutMs: number;
  /** Longest a call may take with all its tries, ms. @default 900 */
  readonly timeoutMs: number;
  /** Further tries after the first, with jitter; calls are idempotent, so this is always safe. @default 2 */
  readonly retries: number;
  /** Failures in a row that open the breaker. @default 5 */
  readonly breakerFailures: number;
  /** How long the open breaker lets nothing through, ms. @default 10000 */
  readonly breakerOpenMs: number;
  /** Good trial calls in a row that close it. @default 3 */
  readonly breakerTrials: number;
  /** Calls at a time. @default 32 */
  readonly bulkhead: number;
  /** Calls that may wait for a place; further ones are refused at once. @default 64 */
  readonly queue: number;
}

const whole = (otherwise: number, least = 0) => z.coerce.number().int().min(least).default(otherwise);

const schema = z.object({
  TRY_TIMEOUT_MS: whole(610, 1),
  TIMEOUT_MS: whole(900, 1),
  RETRIES: whole(2),
  BREAKER_FAILURES: whole(5, 1),
  BREAKER_OPEN_MS: whole(10_000, 1),
  BREAKER_TRIALS: whole(3, 1),
  BULKHEAD: whole(32, 1),
  QUEUE: whole(64),
});

const upper = (context: string) => context.replaceAll('-', '_').toUpperCase();

/** What the variables of an edge begin with. */
export const edgePrefix = (caller: string, callee: string): string => `${upper(caller)}_TO_${upper(callee)}_`;

/** The variables that an edge reads. */
export const edgeVariables = (caller: string, callee: string): string[] =>
  Object.keys(schema.shape).map((name) => edgePrefix(caller, callee) + name);

/** @throws TypeError that names the variable at fault */
export function edgeSettings(caller: string, callee: string, env: Readonly<Record<string, string | undefined>>): EdgeSettings {
  const prefix = edgePrefix(caller, callee);
  const given = Object.fromEntries(Object.keys(schema.shape).map((name) => [name, env[prefix + name]]));
  const { data, error } = schema.safeParse(given);
  if (!data) throw new TypeError(`${prefix}${error.issues[0]?.path.join('.')}: ${error.issues[0]?.message}`);
  return {
    tryTimeoutMs: data.TRY_TIMEOUT_MS,
    timeoutMs: data.TIMEOUT_MS,
    retries: data.RETRIES,
    breakerFailures: data.BREAKER_FAILURES,
    breakerOpenMs: data.BREAKER_OPEN_MS,
    breakerTrials: data.BREAKER_TRIALS,
    bulkhead: data.BULKHEAD,
    queue: data.QUEUE,
  };
}
