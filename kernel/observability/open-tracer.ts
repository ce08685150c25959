import type { Logger } from 'pino';
import type { Tracer } from './tracing.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The standard variables of OpenTelemetry that are read here or by its exporter. */
export const tracingVariables: readonly string[] = [
  'OTEL_SDK_DISABLED',
  'OTEL_TRACES_EXPORTER',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'OTEL_EXPORTER_OTLP_TRACES_HEADERS',
  'OTEL_EXPORTER_OTLP_TIMEOUT',
  'OTEL_EXPORTER_OTLP_COMPRESSION',
  'OTEL_TRACES_SAMPLER',
  'OTEL_TRACES_SAMPLER_ARG',
  'OTEL_BSP_SCHEDULE_DELAY',
  'OTEL_BSP_MAX_QUEUE_SIZE',
  'OTEL_SERVICE_NAME',
  'OTEL_RESOURCE_ATTRIBUTES',
];

/** Where spans are posted to; undefined when nobody asked for them. */
export function tracesUrl(env: Env): string | undefined {
  if (env.OTEL_SDK_DISABLED?.toLowerCase() === 'true' || env.OTEL_TRACES_EXPORTER === 'none') return undefined;
  if (env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) return env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
  return env.OTEL_EXPORTER_OTLP_ENDPOINT ? `${env.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/+$/, '')}/v1/traces` : undefined;
}

/**
 * The tracer of a program (`router`, or a context's name) that exports by OTLP/HTTP (JSON); undefined without `OTEL_EXPORTER_OTLP_ENDPOINT`, and then
 * OpenTelemetry is not even loaded. Programs of one process share the exporter.
 * @throws TypeError for a sampler that is not known
 */
export async function openTracer(program: string, env: Env, log: Logger): Promise<Tracer | undefined> {
  const url = tracesUrl(env);
  if (url === undefined) return undefined;
  const { otlpTracer } = await import('./otlp.ts');
  return otlpTracer(program, url, env, log);
}
