import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { Histogram, type Registry } from 'prom-client';
import type { Cause } from '../context/definition.ts';
import { traceIdOf } from '../observability/index.ts';
import { isInternal, presented, thrown } from './errors.ts';

type Errors = readonly GraphQLFormattedError[] | undefined;

/** An operation that is done. */
export interface Done {
  /** `query`, `mutation`, `subscription`; `none` when there was no telling. */
  readonly type: string;
  readonly name: string | null | undefined;
  readonly cause: Cause;
  /** Of `performance.now()`. */
  readonly startedAt: number;
  /** As the client gets them. */
  readonly errors: Errors;
}

/** Sees every operation: its errors, its log line, its metric. */
export interface Observer {
  /** An error as the client may see it; what was thrown is kept for `reveal`. */
  present(error: unknown): GraphQLFormattedError;
  /** Logs the internal ones with what was thrown, and tells the client the id to ask about. */
  reveal(errors: Errors, cause: Cause | undefined): void;
  done(operation: Done): void;
}

function outcomeOf(errors: Errors): 'ok' | 'refused' | 'unavailable' | 'error' {
  if (!errors || errors.length === 0) return 'ok';
  if (errors.some(isInternal)) return 'error';
  return errors.some(({ extensions }) => extensions?.code === 'TRY_AGAIN_LATER') ? 'unavailable' : 'refused';
}

/** `madang_graphql_seconds` by type and outcome (`ok`, `refused`, `unavailable`, `error`), and a debug line per operation. */
export function observer(log: Logger, registry: Registry): Observer {
  const seconds = new Histogram({
    name: 'madang_graphql_seconds',
    help: 'Duration of GraphQL operations; of subscriptions: until they began',
    labelNames: ['type', 'outcome'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [registry],
  });
  const causes = new WeakMap<GraphQLFormattedError, unknown>();

  return {
    present(error) {
      const shown = presented(error);
      causes.set(shown, thrown(error as GraphQLError));
      return shown;
    },
    reveal(errors, cause) {
      for (const error of errors ?? []) {
        if (!isInternal(error) || !error.extensions) continue;
        if (cause) error.extensions.correlationId = cause.correlationId;
        const ids = { correlationId: cause?.correlationId, traceId: traceIdOf(cause?.traceparent) };
        log.error({ err: causes.get(error), path: error.path?.join('.'), ...ids }, 'an operation failed');
      }
    },
    done({ type, name, cause, startedAt, errors }) {
      const ms = performance.now() - startedAt;
      const outcome = outcomeOf(errors);
      seconds.observe({ type, outcome }, ms / 1_000);
      if (!log.isLevelEnabled('debug')) return;
      const { correlationId, traceparent, actor } = cause;
      log.debug(
        { operation: name ?? null, type, outcome, ms, actor: actor.kind, correlationId, traceId: traceIdOf(traceparent) },
        'operation',
      );
    },
  };
}
