import type { IncomingHttpHeaders } from 'node:http';
import { type DocumentNode, GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { type RequestContext, requestContext } from '../context.ts';
import type { Result, Variables } from '../engine/engine.ts';
import type { Prepared, Unprepared } from '../engine/prepare.ts';
import { isSubscribed } from '../engine/subscriptions/resumable.ts';
import { UpstreamRefused } from '../engine/subscriptions/source.ts';
import type { Subscription } from '../engine/subscriptions/subscription.ts';
import { asGraphQLError } from '../errors.ts';
import type { Front } from './front.ts';
import { oneResult } from './one-result.ts';
import { operations } from './operations.ts';
import type { Session } from './session.ts';

/** One operation on a client's socket. */
export interface Call {
  readonly context: RequestContext;
  readonly address: string;
  readonly abort: AbortController;
  subscription?: Subscription;
}

/** Ends what is told of a call. */
export const over = ({ context: { watch, actor, correlationId } }: Call): void => watch?.end(actor, correlationId);

/** What graphql-ws hands on from `begin` to `execute` and `subscribe`. */
export interface CallArgs {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName?: string | null;
  readonly variableValues?: Variables | null;
  readonly contextValue?: unknown;
}

type Begun = { readonly call: Call; readonly operation: Prepared };

/** How operations on a client's socket are begun and carried out. */
export function calls(front: Front) {
  const { engine, tokens, limits, metrics, persisted, subscriptions, show, watching } = front;
  const carryOut = operations(front);

  /** The client's own way to set a trail for an operation: `extensions` of its payload. */
  const headersOf = (payload: SubscribePayload, headers: IncomingHttpHeaders): IncomingHttpHeaders => {
    const { correlationId, traceparent, cost } = (payload.extensions ?? {}) as Record<string, unknown>;
    return {
      'x-madang-cost': cost === true ? '1' : undefined,
      'x-correlation-id': typeof correlationId === 'string' ? correlationId : undefined,
      traceparent: typeof traceparent === 'string' ? traceparent : (headers.traceparent as string | undefined),
    };
  };

  /** A client that names a document has an empty `query`: the protocol wants one. */
  function prepared({ query, operationName, extensions }: SubscribePayload): Prepared | Unprepared {
    try {
      return persisted.prepare({ query: query || undefined, operationName: operationName ?? undefined, extensions: extensions ?? {} });
    } catch (error) {
      return { problems: [asGraphQLError(error)] };
    }
  }

  return {
    begin(
      session: Session | undefined,
      id: string,
      payload: SubscribePayload,
      headers: IncomingHttpHeaders,
    ): CallArgs | readonly GraphQLError[] {
      if (!session?.principal) throw new Error('an operation before the connection was acknowledged');
      if (session.calls.size >= limits.operationsPerSocket) {
        return [new GraphQLError('Too many operations at once on this socket.', { extensions: { code: 'TOO_MANY_OPERATIONS' } })];
      }
      const abort = new AbortController();
      const context = requestContext('ws', session.principal.actor, headersOf(payload, headers), tokens, abort.signal, watching);
      const call: Call = { context, address: session.address, abort };
      session.calls.set(id, call);
      const operationName = payload.operationName ?? undefined;
      const operation = prepared(payload);
      if ('problems' in operation) return operation.problems;
      const variables = payload.variables ?? {};
      const problems = operation.source ? engine.variableProblems(operation, variables) : [];
      if (problems.length > 0) return problems;
      const contextValue: Begun = { call, operation };
      return { schema: engine.schema, document: operation.document, operationName, variableValues: variables, contextValue };
    },

    /** A client that completes a query has it given up. */
    execute({ variableValues, contextValue }: CallArgs): AsyncIterable<Result> {
      const { call, operation } = contextValue as Begun;
      const result = carryOut(operation, variableValues ?? {}, call.context).finally(() => over(call));
      return oneResult(result, () => call.abort.abort());
    },

    async subscribe({ variableValues, contextValue }: CallArgs): Promise<AsyncIterable<unknown>> {
      const { call, operation } = contextValue as Begun;
      const { context, address } = call;
      if (!isSubscribed(operation)) throw new Error(`a ${operation.type} is no subscription`);
      context.watch?.answered({ type: 'subscription', name: operation.name, errors: [] });
      metrics.requests.inc({ protocol: 'ws', operation: 'subscription', outcome: 'ok' });
      try {
        call.subscription = subscriptions.open({ operation, variables: variableValues ?? {}, context, address });
        context.watch?.begun();
        return call.subscription;
      } catch (error) {
        return failed(error);
      }
    },

    /** The errors that end an operation, as the client may see them. */
    refuse(session: Session | undefined, id: string, errors: readonly GraphQLError[]): GraphQLFormattedError[] {
      const call = session?.calls.get(id);
      const correlationId = call?.context.correlationId ?? '';
      session?.calls.delete(id);
      call?.context.watch?.refused(errors.map((error) => asGraphQLError(error).toJSON()));
      if (call) over(call);
      return errors
        .flatMap((error): readonly (GraphQLFormattedError | Error)[] =>
          error.originalError instanceof UpstreamRefused ? error.originalError.all : [error],
        )
        .map((error) => show(error, correlationId));
    },
  };
}

// biome-ignore lint/correctness/useYield: what it has to say is an error
async function* failed(error: unknown): AsyncGenerator<never> {
  throw error;
}
