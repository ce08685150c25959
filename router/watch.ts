import { createHash } from 'node:crypto';
import type { Actor } from '@madang/kernel/domain';
import { type Headers, type Span, type Tracer, traceIdOf, traceparentIn, wordFor } from '@madang/kernel/observability';
import type { GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { isFault } from './errors.ts';
import type { Metrics } from './metrics.ts';

/** What watching operations needs; `names` are the operations that may be told by name, any other is `other`. */
export interface WatchOptions {
  readonly tracer?: Tracer | undefined;
  readonly metrics: Pick<Metrics, 'operations' | 'operationDurations'>;
  readonly log: Logger;
  readonly names: ReadonlySet<string>;
}

/** How an operation was answered. */
export interface Answered {
  /** `query`, `mutation`, `subscription`, `none`. */
  readonly type: string;
  readonly name: string | null | undefined;
  readonly errors: readonly GraphQLFormattedError[];
}

/** The owner of a line in the access log: tells accounts apart, and nobody's name. */
const pseudonym = (account: string): string => createHash('sha256').update(account).digest('base64url').slice(0, 16);

const who = (actor: Actor | undefined): object =>
  actor?.kind === 'user'
    ? { actor: 'user', account: pseudonym(actor.accountId), roles: actor.roles }
    : { actor: actor?.kind ?? 'anonymous' };

const outcomeOf = (errors: Answered['errors']): 'ok' | 'refused' | 'fault' => {
  if (errors.length === 0) return 'ok';
  return errors.some(isFault) ? 'fault' : 'refused';
};

/** Sees one client operation from its beginning to its end: its span, its metrics by name, its line in the access log. No argument, token or text of a client gets into any of them. */
export class Watch {
  readonly #options: WatchOptions;
  #protocol: string;
  readonly #startedAt = performance.now();
  readonly #subgraphs = new Set<string>();
  readonly #span: Span | undefined;
  #type = 'none';
  #name = 'other';
  #outcome: 'ok' | 'refused' | 'fault' = 'ok';
  #code: string | undefined;
  #fetches = 0;
  #events = 0;
  #ended = false;
  #apart = false;

  constructor(options: WatchOptions, protocol: string, headers: Headers) {
    this.#options = options;
    this.#protocol = protocol;
    const attributes = { 'madang.protocol': protocol };
    this.#span = options.tracer?.start('operation', { kind: 'server', parent: traceparentIn(headers), attributes });
  }

  /** Of its span, if it has one. */
  get traceparent(): string | undefined {
    return this.#span?.traceparent;
  }

  /** It turned out to be asked over another protocol. */
  as(protocol: string): void {
    this.#protocol = protocol;
    this.#span?.set({ 'madang.protocol': protocol });
  }

  /** It does not end with the answer to its request: only {@link end} without a status ends it. What is never ended is not told: it was no operation. */
  apart(): void {
    this.#apart = true;
  }

  /** What was asked and what came of it is known. May be called again: of a subscription, when it ends. */
  answered({ type, name, errors }: Answered): void {
    this.#type = type;
    this.#name = name ? (this.#options.names.has(name) ? name : 'other') : 'anonymous';
    this.refused(errors);
  }

  refused(errors: Answered['errors']): void {
    this.#outcome = outcomeOf(errors);
    this.#code = errors[0] && wordFor(errors[0].extensions);
  }

  /** A request to a subgraph begins: its span, to be ended by the caller. */
  fetch(subgraph: string, parent: string): Span | undefined {
    this.#fetches++;
    this.#subgraphs.add(subgraph);
    return this.#options.tracer?.start(`fetch ${subgraph}`, { kind: 'client', parent, attributes: { 'madang.subgraph': subgraph } });
  }

  /** An event of a subscription was handed to the client. */
  told(subgraph: string): void {
    this.#events++;
    this.#subgraphs.add(subgraph);
  }

  /**
   * An event of a subscription came in: the span of its way to the clients, to be ended by the caller. It belongs to the trace that caused the event (the subgraph
   * tells it in `extensions.traceparent`), with a link to the subscription's.
   */
  push(subgraph: string, extensions: Readonly<Record<string, unknown>> | undefined): Span | undefined {
    const parent = extensions?.traceparent;
    return this.#options.tracer?.start(`push ${this.#name}`, {
      kind: 'producer',
      parent: typeof parent === 'string' ? parent : undefined,
      links: [this.traceparent],
      attributes: { 'madang.subgraph': subgraph, 'madang.protocol': this.#protocol },
    });
  }

  /** A subscription has begun: its span tells how long that took; pushes have their own. */
  begun(): void {
    this.#endSpan();
  }

  /** It is over. `status`: HTTP's, of an operation on a socket nothing. Only the first call counts. */
  end(actor: Actor | undefined, correlationId: string, status?: number): void {
    if (this.#ended || (this.#apart && status !== undefined)) return;
    this.#ended = true;
    const { metrics, log } = this.#options;
    const ms = performance.now() - this.#startedAt;
    if (status !== undefined && status >= 500) this.#outcome = 'fault';
    else if (status !== undefined && status >= 400 && this.#outcome === 'ok') this.#outcome = 'refused';
    const [name, type, outcome] = [this.#name, this.#type, this.#outcome];
    metrics.operations.inc({ name, type, outcome });
    if (type !== 'subscription') metrics.operationDurations.observe({ name }, ms / 1_000);
    this.#span?.set({ 'http.response.status_code': status, 'madang.actor': actor?.kind });
    this.#endSpan();
    if (!log.isLevelEnabled('info')) return;
    log.info(
      {
        operation: name,
        type,
        protocol: this.#protocol,
        outcome,
        ...(this.#code ? { code: this.#code } : {}),
        ...(status === undefined ? {} : { status }),
        ms: Math.round(ms * 10) / 10,
        subgraphs: this.#subgraphs.size,
        fetches: this.#fetches,
        ...(type === 'subscription' ? { events: this.#events } : {}),
        ...who(actor),
        correlationId,
        ...(this.traceparent ? { traceId: traceIdOf(this.traceparent) } : {}),
      },
      'access',
    );
  }

  #endSpan(): void {
    const span = this.#span;
    if (!span) return;
    const [name, type] = [this.#name, this.#type];
    span.rename(`${type} ${name}`);
    span.set({
      'graphql.operation.name': name,
      'graphql.operation.type': type,
      'madang.outcome': this.#outcome,
      'madang.refusal': this.#code,
    });
    if (this.#outcome === 'fault') span.fail(this.#code ?? 'INTERNAL_SERVER_ERROR');
    span.end();
  }
}

/** Begins to watch an operation. */
export type Watching = (protocol: string, headers: Headers) => Watch;

export const watching =
  (options: WatchOptions): Watching =>
  (protocol, headers) =>
    new Watch(options, protocol, headers);
