import {
  type Context,
  DiagLogLevel,
  diag,
  ROOT_CONTEXT,
  type Span as SdkSpan,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, type SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Logger } from 'pino';
import { samplerOf } from './sampler.ts';
import { type Attributes, SPAN_ATTRIBUTES, type Span, type SpanStart, type Tracer } from './tracing.ts';

const KINDS = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
} as const;
const ALLOWED: ReadonlySet<string> = new Set(SPAN_ATTRIBUTES);
const LONGEST = 200;
const FLUSH_MS = 1_000;
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:$|-)/;

function allowed(attributes: Attributes): Record<string, string | number | boolean> {
  const kept: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined && ALLOWED.has(name)) kept[name] = typeof value === 'string' ? value.slice(0, LONGEST) : value;
  return kept;
}

function remote(traceparent: string | undefined): SpanContext | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
}

function contextOf(traceparent: string | undefined): Context {
  const parent = remote(traceparent);
  return parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
}

class OtlpSpan implements Span {
  readonly traceparent: string;
  readonly #span: SdkSpan;
  #ended = false;

  constructor(span: SdkSpan) {
    this.#span = span;
    const { traceId, spanId, traceFlags } = span.spanContext();
    this.traceparent = `00-${traceId}-${spanId}-0${traceFlags & 1}`;
  }

  rename(name: string): void {
    if (!this.#ended) this.#span.updateName(name.slice(0, LONGEST));
  }

  set(attributes: Attributes): void {
    if (!this.#ended) this.#span.setAttributes(allowed(attributes));
  }

  event(name: string, attributes: Attributes = {}): void {
    if (!this.#ended) this.#span.addEvent(name, allowed(attributes));
  }

  fail(code: string): void {
    this.set({ 'error.type': code });
    if (!this.#ended) this.#span.setStatus({ code: SpanStatusCode.ERROR });
  }

  end(): void {
    if (!this.#ended) this.#span.end();
    this.#ended = true;
  }
}

/** By address: programs of one process send together. */
const processors = new Map<string, SpanProcessor>();

function processorFor(url: string, env: Readonly<Record<string, string | undefined>>): SpanProcessor {
  const known = processors.get(url);
  if (known) return known;
  const made = new BatchSpanProcessor({
    exporter: new OTLPTraceExporter({ url }),
    scheduledDelayMillis: Number(env.OTEL_BSP_SCHEDULE_DELAY) || 5_000,
    maxQueueSize: Number(env.OTEL_BSP_MAX_QUEUE_SIZE) || 8_192,
  });
  processors.set(url, made);
  return made;
}

/** See `openTracer`. No global provider is registered: libraries that look for one (and would put documents into spans) find none. */
export function otlpTracer(program: string, url: string, env: Readonly<Record<string, string | undefined>>, log: Logger): Tracer {
  const warn = (message: string) => log.warn({ reason: message.slice(0, LONGEST) }, 'traces are not exported as they should be');
  const nothing = () => {};
  diag.setLogger(
    { error: warn, warn, info: nothing, debug: nothing, verbose: nothing },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  const processor = processorFor(url, env);
  const provider = new TracerProvider({
    sampler: samplerOf(env),
    resource: resourceFromAttributes({ 'service.name': program, 'service.namespace': 'madang' }).merge(
      detectResources({ detectors: [envDetector] }),
    ),
    spanProcessors: [processor],
  });
  const tracer = provider.getTracer('madang');
  return {
    start(name: string, { kind = 'internal', parent, links = [], attributes = {}, startedAt }: SpanStart = {}) {
      const span = tracer.startSpan(
        name.slice(0, LONGEST),
        {
          kind: KINDS[kind],
          attributes: allowed(attributes),
          links: links.flatMap((link) => remote(link) ?? []).map((linked) => ({ context: linked })),
          ...(startedAt ? { startTime: startedAt } : {}),
        },
        contextOf(parent),
      );
      return new OtlpSpan(span);
    },
    async flush() {
      const late = new Promise<void>((resolve) => setTimeout(resolve, FLUSH_MS).unref());
      await Promise.race([processor.forceFlush().catch((error: unknown) => warn(String(error))), late]);
    },
  };
}
