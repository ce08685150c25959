import { performance } from 'node:perf_hooks';
import { inSpan, type Span, type Tracer } from '@madang/kernel/observability';

/**
 * What a place where a span may begin costs: without a tracer (nothing is exported), and with one.
 * `node bench/tracing.ts`; with OTEL_EXPORTER_OTLP_ENDPOINT set it measures the real tracer too.
 */
const TIMES = 2_000_000;

const work = async (_span?: Span): Promise<number> => 1;

async function nanoseconds(times: number, once: () => Promise<number>): Promise<number> {
  for (let count = 0; count < times / 10; count++) await once();
  const started = performance.now();
  for (let count = 0; count < times; count++) await once();
  return ((performance.now() - started) / times) * 1e6;
}

const spanned = (tracer: Tracer | undefined, id: string) => () =>
  inSpan(tracer, `execute ${id}`, { parent: undefined, attributes: { 'madang.aggregate': id, 'madang.actor': 'user' } }, work);

async function report(): Promise<void> {
  const runs = async (times: number, once: () => Promise<number>) => {
    const all: number[] = [];
    for (let run = 0; run < 5; run++) all.push(await nanoseconds(times, once));
    return all.sort((a, b) => a - b)[2] ?? 0;
  };
  const bare = await runs(TIMES, work);
  const off = await runs(TIMES, spanned(undefined, 'payment'));
  console.log(`no span ${bare.toFixed(1)} ns, tracing off ${off.toFixed(1)} ns, difference ${(off - bare).toFixed(1)} ns`);
  const { openTracer, createLogger } = await import('@madang/kernel/observability');
  const tracer = await openTracer('bench', process.env, createLogger({ name: 'bench', level: 'silent' }));
  if (tracer) console.log(`tracing on ${((await runs(TIMES / 20, spanned(tracer, 'payment'))) / 1_000).toFixed(2)} µs`);
}

await report();
process.exit(0);
