import type { RequestContext } from '../context.ts';
import type { Engine, Result, Variables } from '../engine/engine.ts';
import type { Prepared } from '../engine/prepare.ts';
import { asGraphQLError, isFault } from '../errors.ts';
import type { Metrics } from '../metrics.ts';
import type { Show } from '../show.ts';

interface Means {
  readonly engine: Engine;
  readonly metrics: Metrics;
  readonly show: Show;
}

/** Carries out queries and mutations for any front: counted, errors as clients may see them, faults in the log. */
export function operations({ engine, metrics, show }: Means) {
  return async (operation: Prepared, variables: Variables, context: RequestContext): Promise<Result> => {
    const { protocol, correlationId, watch } = context;
    const { type, name } = operation;
    watch?.answered({ type, name, errors: [] });
    const elapsed = metrics.durations.startTimer({ protocol, operation: type });
    const result = await engine
      .execute(operation, variables, context)
      .catch((error: unknown): Result => ({ errors: [asGraphQLError(error)] }));
    const { errors = [] } = result;
    elapsed();
    watch?.answered({ type, name, errors });
    const outcome = errors.length === 0 ? 'ok' : errors.some(isFault) ? 'fault' : 'refused';
    metrics.requests.inc({ protocol, operation: type, outcome });
    return errors.length === 0 ? result : { ...result, errors: errors.map((error) => show(error, correlationId, name)) };
  };
}
