import { within } from '@madang/kernel/observability';
import { type ExecutionResult, GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { RequestContext } from '../context.ts';
import { interrupted, slowConsumer, tryAgainLater } from '../errors.ts';
import type { Limits } from '../limits.ts';
import type { Metrics } from '../metrics.ts';
import type { SubscriptionPlan, Variables } from './engine.ts';
import { EventQueue } from './event-queue.ts';
import type { Upstreams } from './upstreams.ts';

export interface SubscriptionOptions {
  readonly plan: SubscriptionPlan;
  readonly variables: Variables;
  readonly context: RequestContext;
  readonly upstreams: Upstreams;
  readonly limits: Limits;
  readonly metrics: Metrics;
}

/** Makes the error that a subscription ends with, given the cursor of the last event handed on, where that is known. */
export type Ending = (cursor: string | undefined) => GraphQLError;

/** Ends a subscription with the subgraph's own errors, all of them. */
export class UpstreamRefused extends GraphQLError {
  readonly all: readonly GraphQLFormattedError[];

  constructor(errors: readonly GraphQLFormattedError[]) {
    super(errors[0]?.message ?? 'refused', { extensions: errors[0]?.extensions ?? {} });
    this.all = errors;
  }
}

/** What a subgraph that closes ends its subscriptions with. */
const GOING_AWAY = 'GOING_AWAY';

const fromSubgraph = (error: GraphQLFormattedError, field: string, serviceName: string): GraphQLFormattedError => ({
  ...error,
  path: error.path ?? [field],
  extensions: { ...error.extensions, serviceName },
});

/**
 * One client's subscription: events of the owning subgraph, each filled in from the others. Iterating it throws a GraphQLError when it ends other
 * than by the client or the subgraph's own `complete`; `return()` releases the upstream at once, also while `next()` waits.
 */
export class Subscription implements AsyncIterableIterator<ExecutionResult, undefined, undefined> {
  readonly #options: SubscriptionOptions;
  readonly #queue: EventQueue<ExecutionResult>;
  #release: (() => void) | undefined;
  #over = false;
  #left = false;
  #why: Ending | undefined;
  #cursor: string | undefined;

  private constructor(options: SubscriptionOptions) {
    this.#options = options;
    this.#queue = new EventQueue(options.limits.queuedResults);
  }

  static async open(options: SubscriptionOptions): Promise<Subscription> {
    const { plan, variables, context, upstreams, metrics } = options;
    const { subgraph, query, operationName } = plan;
    const subscription = new Subscription(options);
    const { correlationId, traceparent } = context;
    const payload = {
      query,
      variables: { ...plan.variablesOf(variables) },
      ...(operationName ? { operationName } : {}),
      extensions: { token: await context.token(), correlationId, traceparent },
    };
    const refuse = (errors: readonly GraphQLFormattedError[]) => {
      const { code, resumeAfter } = errors[0]?.extensions ?? {};
      if (code !== GOING_AWAY)
        return subscription.fail(() => new UpstreamRefused(errors.map((error) => fromSubgraph(error, plan.field, subgraph))));
      return subscription.fail((cursor) => interrupted(cursor ?? (typeof resumeAfter === 'string' ? resumeAfter : undefined)));
    };
    metrics.subscriptions.inc({ subgraph });
    subscription.#release = upstreams.subscribe(subgraph, payload, {
      next: (event) => {
        // A refusal at the source comes as a result without data.
        if (event.errors && !('data' in event)) refuse(event.errors);
        else if (!subscription.#queue.put(event)) subscription.fail(slowConsumer, true);
      },
      refused: refuse,
      complete: () => subscription.#finish(),
      unreachable: () => subscription.fail(() => tryAgainLater(2, `"${plan.field}"`)),
      interrupted: () => subscription.fail(interrupted),
    });
    return subscription;
  }

  /** Ends it with an error: after the events that wait, or at once (`now`). The upstream is released in any case. */
  fail(why: Ending, now = false): void {
    if (this.#over) return;
    this.#why = why;
    const { metrics, plan } = this.#options;
    metrics.ended.inc({ subgraph: plan.subgraph, code: String(why(undefined).extensions.code ?? 'unknown') });
    this.#finish(now);
  }

  async next(): Promise<IteratorResult<ExecutionResult, undefined>> {
    const event = await this.#queue.take();
    if (event === undefined) return this.#end();
    const { plan, variables, context, metrics } = this.#options;
    const push = context.watch?.push(plan.subgraph, event.extensions);
    const value = await plan.complete(event, variables, within(context, push)).finally(() => push?.end());
    if (this.#left) return this.#end();
    this.#remember(value);
    metrics.events.inc({ subgraph: plan.subgraph });
    return { done: false, value };
  }

  async return(): Promise<IteratorResult<ExecutionResult, undefined>> {
    this.#left = true;
    this.#finish(true);
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #end(): IteratorResult<ExecutionResult, undefined> {
    const why = this.#left ? undefined : this.#why;
    this.#why = undefined;
    if (why) throw why(this.#cursor);
    return { done: true, value: undefined };
  }

  #finish(now = false): void {
    this.#queue.end(now);
    if (this.#over) return;
    this.#over = true;
    this.#release?.();
    this.#options.metrics.subscriptions.dec({ subgraph: this.#options.plan.subgraph });
  }

  #remember({ data }: ExecutionResult): void {
    const payload = data?.[this.#options.plan.field];
    if (typeof payload !== 'object' || payload === null || !('cursor' in payload)) return;
    if (typeof payload.cursor === 'string') this.#cursor = payload.cursor;
  }
}
