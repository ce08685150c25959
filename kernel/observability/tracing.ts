import { Refused } from '../domain/index.ts';

/**
 * What a span may tell: names that our own code, our SDLs and our events have given, never what somebody sent. Whatever is not on this list is left out.
 */
export const SPAN_ATTRIBUTES = [
  'error.type',
  'graphql.operation.name',
  'graphql.operation.type',
  'http.response.status_code',
  'madang.actor',
  'madang.aggregate',
  'madang.attempt',
  'madang.command',
  'madang.edge',
  'madang.event',
  'madang.event_id',
  'madang.events',
  'madang.fields',
  'madang.handler',
  'madang.intent',
  'madang.outcome',
  'madang.protocol',
  'madang.refusal',
  'madang.subgraph',
  'messaging.destination.name',
  'messaging.system',
] as const;

export type Attributes = { readonly [Name in (typeof SPAN_ATTRIBUTES)[number]]?: string | number | boolean | undefined };

/** One step of a trace. After `end` nothing changes it any more. */
export interface Span {
  /** W3C: handed on, what follows becomes a child of this span. */
  readonly traceparent: string;
  rename(name: string): void;
  set(attributes: Attributes): void;
  /** Something that happened at a moment of it. */
  event(name: string, attributes?: Attributes): void;
  /** It went wrong; `code` is a word, never a message. */
  fail(code: string): void;
  end(): void;
}

export interface SpanStart {
  /** @default internal */
  readonly kind?: 'server' | 'client' | 'producer' | 'consumer' | 'internal';
  /** A traceparent; a new trace begins without a valid one. */
  readonly parent?: string | undefined;
  /** Traceparents that it has to do with, without being part of them. */
  readonly links?: readonly (string | undefined)[];
  readonly attributes?: Attributes;
  /** @default now */
  readonly startedAt?: Date;
}

/** Makes the spans of one program; there is none where traces are exported to nobody. */
export interface Tracer {
  start(name: string, options?: SpanStart): Span;
  /** Sends what is finished, within a second or not at all. */
  flush(): Promise<void>;
}

const WORD = /^[A-Za-z][\w.-]{0,63}$/;

/** A word for what was thrown: a refusal's code, an error's code or class; never its message. */
export function wordFor(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return ([code, name].find((word) => typeof word === 'string' && WORD.test(word)) as string | undefined) ?? 'Error';
}

/** Tells a span what was thrown. To say no is no failure, and neither is to have done it before. */
export function tell(span: Span | undefined, error: unknown): void {
  if (error instanceof Refused) span?.set({ 'madang.refusal': wordFor(error) });
  else if (error instanceof Error && error.name === 'AlreadyHandled') span?.set({ 'madang.outcome': 'known' });
  else span?.fail(wordFor(error));
}

/** Does the work in a span that ends with it; without a tracer, just the work. */
export function inSpan<T>(
  tracer: Tracer | undefined,
  name: string,
  start: SpanStart,
  work: (span: Span | undefined) => Promise<T>,
): Promise<T> {
  return tracer === undefined ? work(undefined) : spanned(tracer.start(name, start), work);
}

async function spanned<T>(span: Span, work: (span: Span) => Promise<T>): Promise<T> {
  try {
    return await work(span);
  } catch (error) {
    tell(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** The same cause, for what happens within the span. */
export const within = <C extends { readonly traceparent?: string | undefined }>(cause: C, span: Span | undefined): C =>
  span === undefined ? cause : { ...cause, traceparent: span.traceparent };

const FRESH_MS = 600_000;

/**
 * How a reaction follows from its event: in the same trace, as its child. An event that is older than ten minutes (a dead letter's retry, a context that was
 * out) begins a trace of its own with a link, since back ends take a trace for complete after minutes.
 */
export const following = (event: {
  readonly time: Date;
  readonly traceparent?: string | undefined;
}): Pick<SpanStart, 'parent' | 'links'> =>
  Date.now() - event.time.getTime() < FRESH_MS ? { parent: event.traceparent } : { links: [event.traceparent] };
