import { EventEmitter } from 'node:events';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { BrokenCircuitError, BulkheadRejectedError, CircuitState, TaskCancelledError } from 'cockatiel';
import { type DocumentNode, Kind, print } from 'graphql';
import type { Logger } from 'pino';
import { Pool } from 'undici';
import { type Actor, Refused, service } from '../domain/index.ts';
import { inSpan, type Span, type Tracer, within } from '../observability/index.ts';
import type { Trail } from '../prisma/index.ts';
import { type Edge, LateRefusal, Unavailable } from './edge.ts';
import type { EdgeMetrics } from './edge-metrics.ts';
import { type Policies, policies, TryFailed } from './policies.ts';
import type { EdgeSettings } from './settings.ts';

export interface EdgeOptions {
  readonly caller: string;
  readonly callee: string;
  /** The callee's subgraph: `http://127.0.0.1:4102/graphql`. */
  readonly url: string;
  readonly settings: EdgeSettings;
  /** Makes the internal token for the caller's service identity. */
  readonly token: (actor: Actor) => Promise<string>;
  readonly metrics: EdgeMetrics;
  readonly log: Logger;
  readonly tracer?: Tracer | undefined;
}

interface Problem {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** What is sent of a document, and the names that its answer must have. */
interface Prepared {
  readonly text: string;
  readonly names: readonly string[];
}

const NO_ANSWER = new Set(['TRY_AGAIN_LATER', 'INTERNAL_SERVER_ERROR']);
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);
const LEVEL = { closed: 0, 'half-open': 1, open: 2 } as const;

function prepare(document: DocumentNode): Prepared {
  const [operation] = document.definitions;
  const selections = operation?.kind === Kind.OPERATION_DEFINITION ? operation.selectionSet.selections : [];
  const names = selections.flatMap((field) => (field.kind === Kind.FIELD ? [(field.alias ?? field.name).value] : []));
  return { text: print(document), names };
}

/** Whoever listens there now may be somebody else: without all that was asked for, it is no answer. */
function hasAll(data: unknown, names: readonly string[]): boolean {
  return typeof data === 'object' && data !== null && names.every((name) => Object.hasOwn(data, name));
}

function nameOf({ definitions }: DocumentNode): string | undefined {
  const [operation] = definitions;
  return operation?.kind === Kind.OPERATION_DEFINITION ? operation.name?.value : undefined;
}

const codeOf = (error: unknown): string => String((error as { code?: unknown } | undefined)?.code ?? '');

/** An edge over HTTP: undici pool, cockatiel policies, the caller's service token. */
export class GraphqlEdge implements Edge {
  readonly name: string;
  readonly signals = new EventEmitter<{ state: ['closed' | 'open' | 'half-open'] }>();
  readonly #options: EdgeOptions;
  readonly #pool: Pool;
  readonly #path: string;
  readonly #policies: Policies;
  readonly #prepared = new WeakMap<object, Prepared>();
  #trials = 0;
  #openedAt = 0;

  constructor(options: EdgeOptions) {
    this.#options = options;
    this.name = `${options.caller}→${options.callee}`;
    const url = new URL(options.url);
    this.#path = url.pathname;
    this.#pool = new Pool(url.origin, { connections: options.settings.bulkhead, pipelining: 1, connectTimeout: 1_000 });
    this.#policies = policies(options.settings);
    this.#policies.breaker.onStateChange((state) => this.#changed(state));
    options.metrics.watch(this.name, () => {
      const { executionSlots, queueSlots } = this.#policies.bulkhead;
      const { bulkhead, queue } = options.settings;
      return { level: LEVEL[this.state], running: bulkhead - executionSlots, places: bulkhead, waiting: queue - queueSlots };
    });
  }

  get state(): 'closed' | 'open' | 'half-open' {
    const { state } = this.#policies.breaker;
    if (state === CircuitState.Closed) return 'closed';
    return state === CircuitState.HalfOpen ? 'half-open' : 'open';
  }

  call<Data, Variables extends object>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    cause: Trail & { readonly actor?: Actor },
  ): Promise<Data> {
    const { callee, tracer } = this.#options;
    const attributes = { 'madang.edge': this.name, 'graphql.operation.name': nameOf(document) };
    return inSpan(tracer, `call ${callee}`, { kind: 'client', parent: cause.traceparent, attributes }, (span) =>
      this.#call(document, variables, within(cause, span), span),
    );
  }

  async #call<Data, Variables extends object>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    cause: Trail,
    span: Span | undefined,
  ): Promise<Data> {
    const { metrics, settings } = this.#options;
    const started = performance.now();
    const trial = this.state === 'half-open';
    // A try that got through counts, whatever kept the ones after it from being sent.
    let sent = false;
    let tries = 0;
    const attempt = async ({ signal }: { readonly signal: AbortSignal }) => {
      try {
        tries++;
        return await this.#try(document, variables, cause, signal);
      } catch (error) {
        if (error instanceof TryFailed) span?.event('try failed', { 'madang.attempt': tries, 'error.type': error.reason });
        sent ||= error instanceof TryFailed && error.sent;
        throw error;
      }
    };
    try {
      if (trial && this.#trials >= settings.breakerTrials) throw new BrokenCircuitError();
      if (trial) this.#trials++;
      const data = await this.#policies.all.execute(attempt);
      metrics.calls.inc({ edge: this.name, outcome: 'ok' });
      return data as Data;
    } catch (error) {
      const known = error instanceof Refused ? (sent ? new LateRefusal(error) : error) : this.#unavailable(error, sent);
      const outcome = known instanceof Unavailable ? known.reason : 'refused';
      metrics.calls.inc({ edge: this.name, outcome });
      span?.set({ 'madang.outcome': outcome });
      throw known;
    } finally {
      if (trial) this.#trials = Math.max(0, this.#trials - 1);
      metrics.seconds.observe({ edge: this.name }, (performance.now() - started) / 1_000);
    }
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  async #try<Data, Variables extends object>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    cause: Trail,
    signal: AbortSignal,
  ): Promise<Data> {
    const { tryTimeoutMs } = this.#options.settings;
    const deadline = AbortSignal.timeout(tryTimeoutMs);
    const { text, names } = this.#of(document);
    let answer: unknown;
    let status: number;
    try {
      const { statusCode, body } = await this.#pool.request({
        path: this.#path,
        method: 'POST',
        headers: await this.#headers(cause),
        body: JSON.stringify({ query: text, variables }),
        signal: AbortSignal.any([signal, deadline]),
      });
      if (statusCode >= 500) {
        await body.dump();
        throw new TryFailed('server', true, `HTTP ${statusCode}`);
      }
      status = statusCode;
      answer = await body.json();
    } catch (error) {
      if (error instanceof TryFailed) throw error;
      if (deadline.aborted || signal.aborted) throw new TryFailed('timeout', true, error);
      throw new TryFailed('network', !NEVER_SENT.has(codeOf(error)), error);
    }
    const { data, errors } = (answer ?? {}) as { readonly data?: unknown; readonly errors?: unknown };
    const [problem] = (Array.isArray(errors) ? errors : []) as readonly Problem[];
    if (!problem) {
      if (!hasAll(data, names)) throw new TryFailed('server', true, `HTTP ${status} without ${names.join(', ')}`);
      return data as Data;
    }
    const { code, stacktrace: _, ...details } = problem.extensions ?? {};
    if (typeof code !== 'string' || NO_ANSWER.has(code)) {
      const seconds = details.retryAfterSeconds;
      throw new TryFailed('server', true, problem.message, typeof seconds === 'number' ? seconds : undefined);
    }
    throw new Refused(code, problem.message, details);
  }

  async #headers(cause: Trail): Promise<Record<string, string>> {
    const token = await this.#options.token(service(this.#options.caller));
    return {
      'content-type': 'application/json',
      accept: 'application/json',
      authorization: `Bearer ${token}`,
      'x-correlation-id': cause.correlationId,
      ...(cause.traceparent === undefined ? {} : { traceparent: cause.traceparent }),
    };
  }

  #of(document: DocumentNode): Prepared {
    const known = this.#prepared.get(document) ?? prepare(document);
    this.#prepared.set(document, known);
    return known;
  }

  #unavailable(error: unknown, sent: boolean): Unavailable {
    const wait = Math.max(1, Math.ceil((this.#openedAt + this.#options.settings.breakerOpenMs - Date.now()) / 1_000));
    if (error instanceof TryFailed) return new Unavailable(this.name, error.reason, sent, error.retryAfterSeconds ?? 1, error);
    if (error instanceof BrokenCircuitError) return new Unavailable(this.name, 'broken', sent, wait, error);
    if (error instanceof BulkheadRejectedError) return new Unavailable(this.name, 'bulkhead', sent, 1, error);
    if (error instanceof TaskCancelledError) return new Unavailable(this.name, 'timeout', true, 1, error);
    return new Unavailable(this.name, 'server', true, 1, error);
  }

  #changed(state: CircuitState): void {
    if (state === CircuitState.Open) this.#openedAt = Date.now();
    this.#options.log.warn({ edge: this.name, breaker: this.state }, 'the breaker changed');
    this.signals.emit('state', this.state);
  }
}
