import type { IncomingHttpHeaders } from 'node:http';
import { type DocumentNode, type ExecutionResult, GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { type RequestContext, requestContext } from '../context.ts';
import type { SubscriptionPlan, Variables } from '../engine/engine.ts';
import { Subscription, UpstreamRefused } from '../engine/subscription.ts';
import { asGraphQLError, isFault, present } from '../errors.ts';
import type { Front } from './front.ts';
import { operations, variableProblems } from './operations.ts';
import type { Session } from './websocket.ts';

/** One operation on a client's socket. */
export interface Call {
  readonly context: RequestContext;
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

type Begun = { readonly call: Call; readonly query: string; readonly plan?: SubscriptionPlan };

/** How operations on a client's socket are begun and carried out. */
export function calls(front: Front) {
  const { engine, apollo, tokens, limits, metrics, upstreams, log, watching } = front;
  const read = operations(engine, limits);

  /** The client's own way to set a trail for an operation: `extensions` of its payload. */
  const headersOf = (payload: SubscribePayload, headers: IncomingHttpHeaders): IncomingHttpHeaders => {
    const { correlationId, traceparent } = (payload.extensions ?? {}) as Record<string, unknown>;
    return {
      'x-correlation-id': typeof correlationId === 'string' ? correlationId : undefined,
      traceparent: typeof traceparent === 'string' ? traceparent : (headers.traceparent as string | undefined),
    };
  };

  const shown = (error: unknown, correlationId: string): GraphQLFormattedError => {
    const formatted = error instanceof Error ? asGraphQLError(error).toJSON() : (error as GraphQLFormattedError);
    if (isFault(formatted)) log.error({ err: error, correlationId, subgraph: formatted.extensions?.serviceName }, 'an operation failed');
    return present(formatted, correlationId);
  };

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
      const call: Call = { context, abort };
      session.calls.set(id, call);
      const operationName = payload.operationName ?? undefined;
      const operation = read(payload.query, operationName);
      if (!('type' in operation)) return operation;
      const { document, plan } = operation;
      const variables = payload.variables ?? {};
      const problems = plan ? variableProblems(engine.schema, document, operationName, variables) : [];
      if (problems.length > 0) return problems;
      const contextValue: Begun = { call, query: payload.query, ...(plan ? { plan } : {}) };
      return { schema: engine.schema, document, operationName, variableValues: variables, contextValue };
    },

    async execute({ operationName, variableValues, contextValue }: CallArgs): Promise<ExecutionResult> {
      const { call, query } = contextValue as Begun;
      const { body } = await apollo.executeOperation(
        { query, ...(operationName ? { operationName } : {}), variables: { ...variableValues } },
        { contextValue: call.context },
      );
      over(call);
      return body.kind === 'single' ? (body.singleResult as unknown as ExecutionResult) : {};
    },

    async subscribe({ operationName, variableValues, contextValue }: CallArgs): Promise<AsyncIterable<unknown>> {
      const { call, plan } = contextValue as Begun;
      const { context } = call;
      context.watch?.answered({ type: 'subscription', name: operationName, errors: [] });
      metrics.requests.inc({ protocol: 'ws', operation: 'subscription', outcome: plan ? 'ok' : 'fault' });
      try {
        if (!plan) throw new Error('a subscription without a plan');
        call.subscription = await Subscription.open({ plan, variables: variableValues ?? {}, context, upstreams, limits, metrics });
        context.watch?.begun();
        return presented(call.subscription, (error) => shown(error, context.correlationId));
      } catch (error) {
        return failed(error);
      }
    },

    /** The errors that end an operation, as the client may see them. */
    refuse(session: Session | undefined, id: string, errors: readonly GraphQLError[]): GraphQLFormattedError[] {
      const call = session?.calls.get(id);
      const correlationId = call?.context.correlationId ?? '';
      session?.calls.delete(id);
      call?.context.watch?.refused(errors.map((error) => error.toJSON()));
      if (call) over(call);
      return errors
        .flatMap((error): readonly (GraphQLFormattedError | Error)[] =>
          error.originalError instanceof UpstreamRefused ? error.originalError.all : [error],
        )
        .map((error) => shown(error, correlationId));
    },
  };
}

// biome-ignore lint/correctness/useYield: what it has to say is an error
async function* failed(error: unknown): AsyncGenerator<never> {
  throw error;
}

/** The same events with errors as clients may see them. */
function presented(subscription: Subscription, show: (error: unknown) => object): AsyncIterableIterator<unknown> {
  return {
    async next() {
      const { done, value } = await subscription.next();
      if (done || !value.errors) return { done, value } as IteratorResult<unknown>;
      return { done: false, value: { ...value, errors: value.errors.map(show) } };
    },
    return: () => subscription.return() as Promise<IteratorResult<unknown>>,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
