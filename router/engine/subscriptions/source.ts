import { type ExecutionResult, GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { RequestContext } from '../../context.ts';
import { asGraphQLError, interrupted, slowConsumer, tryAgainLater } from '../../errors.ts';
import type { Metrics } from '../../metrics.ts';
import type { Limits } from '../../settings/limits.ts';
import type { Engine, Variables } from '../engine.ts';
import { clientError } from '../names.ts';
import { AFTER, type Resumable, type Subscribed } from './resumable.ts';
import type { Upstreams } from './upstreams.ts';

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

export interface SourceListener {
  /** False when there is no room for the event. */
  event(event: ExecutionResult, cursor: string | undefined): boolean;
  /** It is over: by the subgraph's `complete` (null), or for a reason. Called once, as the last. */
  ended(why: Ending | null): void;
  /** Where it is, when there was no event: all that came up to this cursor has been told. */
  position(cursor: string): void;
  /** It goes on after an event that has been: what follows is not only what happens now. */
  resuming(): void;
}

export interface SourceOptions {
  readonly engine: Engine;
  readonly operation: Subscribed;
  readonly resumable: Resumable | null;
  readonly variables: Variables;
  readonly context: RequestContext;
  readonly upstreams: Upstreams;
  readonly limits: Limits;
  readonly metrics: Metrics;
}

/** A subgraph that was asked to tells the position of a subscription between events, first of all where it begins. */
function positionIn({ data, errors, extensions }: ExecutionResult): string | undefined {
  const position = extensions?.position;
  return data === null && !errors && typeof position === 'string' ? position : undefined;
}

/**
 * The events of one operation at the subgraph that has them. What can be resumed is: when the way to the subgraph is lost, it is asked again, with back-off,
 * for what came after the last event; and when events come faster than they are taken, it is left alone until {@link resume}.
 */
export class Source {
  #options: SourceOptions;
  readonly #listener: SourceListener;
  #release: (() => void) | undefined;
  #over = false;
  #paused = false;
  #cursor: string | undefined;
  /** Whether the subgraph was ever there. */
  #reached = false;
  #begunAt = 0;
  #failingSince: number | undefined;
  #failures = 0;
  #retry: NodeJS.Timeout | undefined;

  constructor(options: SourceOptions, listener: SourceListener) {
    this.#options = options;
    this.#listener = listener;
    this.#cursor = options.resumable?.begin(options.variables);
    options.metrics.sources.inc({ subgraph: this.#subgraph });
    void this.#begin();
  }

  /** There is room again. */
  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#listener.resuming();
    void this.#begin();
  }

  /** The operation was planned anew: the subgraph is asked again if it is another one, or asked something else. */
  replan(operation: Subscribed, resumable: Resumable | null): void {
    const before = this.#asked().query;
    const moved = operation.source.subgraph !== this.#subgraph;
    if (moved) this.#options.metrics.sources.dec({ subgraph: this.#subgraph });
    this.#options = { ...this.#options, operation, resumable };
    if (moved) this.#options.metrics.sources.inc({ subgraph: this.#subgraph });
    if (moved || this.#asked().query !== before) this.#again();
  }

  /** Nobody wants more. */
  close(): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#retry);
    this.#release?.();
    this.#options.metrics.sources.dec({ subgraph: this.#subgraph });
  }

  get #subgraph(): string {
    return this.#options.operation.source.subgraph;
  }

  get #field(): string {
    return this.#options.operation.source.field;
  }

  async #begin(): Promise<void> {
    const { context, upstreams } = this.#options;
    try {
      const token = await context.token();
      if (this.#over) return;
      this.#begunAt = performance.now();
      const payload = { ...this.#asked(), extensions: this.#extensions(token) };
      this.#release = upstreams.subscribe(this.#subgraph, payload, {
        next: (event) => this.#take(event),
        refused: (errors) => this.#refused(errors),
        complete: () => this.#end(null),
        unreachable: () => (this.#reached ? this.#again() : this.#end(() => tryAgainLater(2, `"${this.#field}"`))),
        interrupted: () => {
          this.#reached = true;
          this.#again();
        },
      });
    } catch (error) {
      this.#end(() => asGraphQLError(error));
    }
  }

  #extensions(token: string) {
    const { context, resumable } = this.#options;
    const { correlationId, traceparent } = context;
    return { token, correlationId, traceparent, ...(resumable ? { positions: true } : {}) };
  }

  #asked() {
    const { engine, operation, resumable, variables } = this.#options;
    const { query, operationName } = operation.source;
    const sent: Record<string, unknown> = { ...engine.sourceVariables(operation, variables) };
    if (resumable && this.#cursor !== undefined) sent[AFTER] = this.#cursor;
    return { query: resumable?.query ?? query, variables: sent, ...(operationName ? { operationName } : {}) };
  }

  #take(event: ExecutionResult): void {
    const position = this.#options.resumable && positionIn(event);
    if (position) this.#move(position);
    // A refusal at the source comes as a result without data.
    else if (event.errors && !('data' in event)) this.#refused(event.errors);
    else this.#hand(event, this.#options.resumable?.cursorOf(event.data));
  }

  #move(cursor: string): void {
    this.#failingSince = undefined;
    this.#reached = true;
    this.#cursor = cursor;
    this.#listener.position(cursor);
  }

  #hand(event: ExecutionResult, cursor: string | undefined): void {
    this.#failingSince = undefined;
    this.#failures = 0;
    this.#reached = true;
    if (cursor !== undefined && cursor === this.#cursor) return;
    if (this.#listener.event(event, cursor)) this.#cursor = cursor ?? this.#cursor;
    else if (this.#cursor === undefined) this.#end(slowConsumer);
    else {
      this.#paused = true;
      this.#release?.();
    }
  }

  #refused(errors: readonly GraphQLFormattedError[]): void {
    const { code, resumeAfter } = errors[0]?.extensions ?? {};
    const resuming = this.#failingSince !== undefined;
    const forNow = code === 'GOING_AWAY' || code === 'SLOW_CONSUMER' || (resuming && code === 'TRY_AGAIN_LATER');
    if (forNow && typeof resumeAfter === 'string') this.#cursor ??= resumeAfter;
    const known = this.#cursor;
    const lost: Ending = (cursor) => interrupted(cursor ?? known);
    if (forNow) this.#again(lost);
    // The subgraph does not know the cursor any more.
    else if (resuming && code === 'BAD_INPUT') this.#end(lost);
    else {
      const subgraph = { serviceName: this.#subgraph };
      const own = errors.map((error) => ({
        path: [this.#field],
        ...clientError(error, this.#options.operation.names),
        extensions: { ...error.extensions, ...subgraph },
      }));
      this.#end(() => new UpstreamRefused(own));
    }
  }

  /** The way is lost, or the subgraph wants to be left alone: it is asked again, later, if that is of use. */
  #again(otherwise: Ending = interrupted): void {
    if (this.#over || this.#paused) return;
    this.#release?.();
    const { resumable, limits, metrics } = this.#options;
    const now = performance.now();
    const stood = now - this.#begunAt > limits.resumeLongestMs * 2;
    if (this.#failingSince === undefined || stood) this.#failingSince = now;
    if (stood) this.#failures = 0;
    if (!resumable || this.#cursor === undefined || now - this.#failingSince >= limits.resumeForMs) {
      this.#end(otherwise);
      return;
    }
    const longest = Math.min(limits.resumeFirstMs * 2 ** this.#failures++, limits.resumeLongestMs);
    this.#listener.resuming();
    metrics.resumed.inc({ subgraph: this.#subgraph });
    this.#retry = setTimeout(() => void this.#begin(), longest * (0.5 + Math.random() / 2));
  }

  #end(why: Ending | null): void {
    if (this.#over) return;
    this.close();
    this.#listener.ended(why);
  }
}
