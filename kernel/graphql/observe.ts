import { type GraphQLError, type GraphQLFormattedError, Kind, type OperationDefinitionNode } from 'graphql';
import type { Logger } from 'pino';
import { Histogram, type Registry } from 'prom-client';
import type { Cause } from '../context/definition.ts';
import { type Span, traceIdOf, wordFor } from '../observability/index.ts';
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
  /** Ended with it. */
  readonly span?: Span | undefined;
  /** The root fields, as the schema names them. */
  readonly fields?: string | undefined;
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

function finish(span: Span, { type, cause, errors, fields }: Pick<Done, 'type' | 'cause' | 'errors' | 'fields'>, outcome: string): void {
  if (fields) span.rename(`${type} ${fields}`);
  span.set({ 'graphql.operation.type': type, 'madang.fields': fields, 'madang.actor': cause.actor.kind, 'madang.outcome': outcome });
  if (outcome === 'error') span.fail('INTERNAL_SERVER_ERROR');
  else if (errors?.[0]) span.set({ 'madang.refusal': wordFor(errors[0].extensions) });
  span.end();
}

/** The root fields of a valid operation by the schema's names: no alias, no argument. */
export const rootFields = ({ selectionSet }: OperationDefinitionNode): string =>
  selectionSet.selections
    .flatMap((selection) => (selection.kind === Kind.FIELD ? [selection.name.value] : []))
    .slice(0, 5)
    .join(',');

/** `madang_graphql_seconds` by type and outcome (`ok`, `refused`, `unavailable`, `error`), and a debug line per operation. */
export function observer(log: Logger, registry: Registry): Observer {
  const seconds = new Histogram({
    name: 'madang_graphql_seconds',
    help: 'Duration of GraphQL operations by type and outcome (ok, refused, unavailable, error); of subscriptions: until they began',
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
    done({ type, name, cause, startedAt, errors, span, fields }) {
      const ms = performance.now() - startedAt;
      const outcome = outcomeOf(errors);
      seconds.observe({ type, outcome }, ms / 1_000);
      if (span) finish(span, { type, cause, errors, fields }, outcome);
      if (!log.isLevelEnabled('debug')) return;
      const { correlationId, traceparent, actor } = cause;
      log.debug(
        { operation: name ?? null, type, outcome, ms, actor: actor.kind, correlationId, traceId: traceIdOf(traceparent) },
        'operation',
      );
    },
  };
}
