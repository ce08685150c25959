import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { type RequestContext, requestContext } from '../context.ts';
import type { Result } from '../engine/engine.ts';
import type { Prepared } from '../engine/prepare.ts';
import { isSubscribed } from '../engine/subscriptions/resumable.ts';
import { UpstreamRefused } from '../engine/subscriptions/source.ts';
import type { Reader, Subscription } from '../engine/subscriptions/subscription.ts';
import { asGraphQLError } from '../errors.ts';
import type { Front } from './front.ts';
import { operations } from './operations.ts';
import type { Session } from './session.ts';

/** One operation on a client's socket. */
export class Call implements Reader {
  readonly context: RequestContext;
  readonly id: string;
  /** Of a subscription. */
  subscription: Subscription | undefined;
  /** Of what is answered once. */
  abort: AbortController | undefined;
  readonly #session: Session;

  constructor(session: Session, id: string, context: RequestContext) {
    this.#session = session;
    this.id = id;
    this.context = context;
  }

  next(result: Result): boolean {
    return this.#session.next(this, result);
  }

  ended(why: GraphQLError | undefined): void {
    if (why) this.#session.refuse(this, [why]);
    else this.#session.complete(this);
  }

  /** The client does not want it any more, or is gone. A mutation on its way is not given up. */
  leave(): void {
    this.subscription?.leave();
    this.abort?.abort();
    this.over();
  }

  /** Ends what is told of it. */
  over(): void {
    const { watch, actor, correlationId } = this.context;
    watch?.end(actor, correlationId);
  }
}

const TOO_MANY = new GraphQLError('Too many operations at once on this socket.', { extensions: { code: 'TOO_MANY_OPERATIONS' } });

/** How operations on clients' sockets are begun and carried out. */
export function calls(front: Front) {
  const { door, engine, tokens, limits, metrics, persisted, subscriptions, show, watching } = front;
  const carryOut = operations(front);

  /** The client's own way to say of an operation what HTTP says by headers: `extensions` of its payload. */
  const headersOf = ({ correlationId, traceparent, cost }: Record<string, unknown>, ofSocket: string | undefined) => ({
    'x-madang-cost': cost === true ? '1' : undefined,
    'x-correlation-id': typeof correlationId === 'string' ? correlationId : undefined,
    traceparent: typeof traceparent === 'string' ? traceparent : ofSocket,
  });

  async function answer(session: Session, call: Call, operation: Prepared, payload: SubscribePayload): Promise<void> {
    call.abort = new AbortController();
    const context = { ...call.context, signal: call.abort.signal };
    const result = await carryOut(operation, payload.variables ?? {}, context);
    session.answer(call, result);
  }

  /** @throws GraphQLError what is wrong with the variables, TOO_MANY_SUBSCRIPTIONS, and what the planner cannot do */
  function carry(session: Session, call: Call, payload: SubscribePayload): void {
    // A client that names a document has an empty `query`: the protocol wants one.
    const { query, operationName, extensions = {} } = payload;
    const operation = persisted.prepare({
      query: query || undefined,
      operationName: operationName ?? undefined,
      extensions: extensions ?? {},
    });
    if ('problems' in operation) return void session.refuse(call, operation.problems);
    if (!isSubscribed(operation)) {
      answer(session, call, operation, payload).catch((error: unknown) => session.refuse(call, [asGraphQLError(error)]));
      return;
    }
    const { context } = call;
    const variables = payload.variables ?? {};
    const problems = engine.variableProblems(operation, variables);
    if (problems.length > 0) return void session.refuse(call, problems);
    context.watch?.answered({ type: 'subscription', name: operation.name, errors: [] });
    const tellsPosition = extensions?.positions === true;
    call.subscription = subscriptions.open({ operation, variables, context, address: session.client.address, tellsPosition });
    metrics.requests.inc({ protocol: 'ws', operation: 'subscription', outcome: 'ok' });
    context.watch?.begun();
    call.subscription.read(call);
  }

  return {
    /** Begins an operation; what comes of it, also what is wrong with it, is told to the session. */
    begin(session: Session, id: string, payload: SubscribePayload): void {
      const { principal, client } = session;
      if (!principal) throw new Error('an operation before the connection was acknowledged');
      const headers = headersOf(payload.extensions ?? {}, session.traceparent);
      const call = new Call(session, id, requestContext('ws', principal.actor, headers, tokens, undefined, watching, client));
      try {
        if (!session.add(call, limits.operationsPerSocket)) session.refuse(call, [TOO_MANY]);
        else {
          door.admit(principal.actor, client);
          carry(session, call, payload);
        }
      } catch (error) {
        session.refuse(call, [asGraphQLError(error)]);
      }
    },

    /** The errors that end an operation, as the client may see them. */
    shown({ context: { watch, correlationId } }: Call, errors: readonly GraphQLError[]): GraphQLFormattedError[] {
      watch?.refused(errors.map((error) => error.toJSON()));
      return errors
        .flatMap((error): readonly (GraphQLFormattedError | Error)[] => (error instanceof UpstreamRefused ? error.all : [error]))
        .map((error) => show(error, correlationId));
    },
  };
}

export type Calls = ReturnType<typeof calls>;
