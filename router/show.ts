import type { GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { asGraphQLError, isFault, present } from './errors.ts';

/** Makes of an error what the client may see. */
export type Show = (error: unknown, correlationId: string, operationName?: string | undefined) => GraphQLFormattedError;

/** Faults go into the log, with the correlation id that the client gets; the client gets no more of them. */
export const showing =
  (log: Logger): Show =>
  (error, correlationId, operationName) => {
    const formatted = error instanceof Error ? asGraphQLError(error).toJSON() : (error as GraphQLFormattedError);
    if (isFault(formatted))
      log.error({ err: error, correlationId, operationName, subgraph: formatted.extensions?.serviceName }, 'an operation failed');
    return present(formatted, correlationId);
  };
