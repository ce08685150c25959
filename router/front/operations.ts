import type { GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import type { Protocol, RequestContext } from '../context.ts';
import type { Engine, Result, Variables } from '../engine/engine.ts';
import type { Prepared } from '../engine/prepare.ts';
import { asGraphQLError, isFault, present } from '../errors.ts';
import type { Metrics } from '../metrics.ts';

interface Means {
  readonly engine: Engine;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** Carries out queries and mutations for any front: counted, errors as clients may see them, faults in the log. */
export function operations({ engine, metrics, log }: Means) {
  const show = (error: GraphQLFormattedError, context: RequestContext, operationName: string | undefined): GraphQLFormattedError => {
    const { correlationId } = context;
    if (isFault(error))
      log.error({ err: error, correlationId, operationName, subgraph: error.extensions?.serviceName }, 'an operation failed');
    return present(error, correlationId);
  };

  return async (operation: Prepared, variables: Variables, context: RequestContext, protocol: Protocol): Promise<Result> => {
    const elapsed = metrics.durations.startTimer({ protocol, operation: operation.type });
    const result = await engine
      .execute(operation, variables, context)
      .catch((error: unknown): Result => ({ errors: [asGraphQLError(error)] }));
    const { errors = [] } = result;
    elapsed();
    const outcome = errors.length === 0 ? 'ok' : errors.some(isFault) ? 'fault' : 'refused';
    metrics.requests.inc({ protocol, operation: operation.type, outcome });
    return errors.length === 0 ? result : { ...result, errors: errors.map((error) => show(error, context, operation.name)) };
  };
}
