import type { Bench, Line, Measure } from '../bench.ts';
import { coresText, type Loaded, load, refusedText } from '../load/load.ts';
import { figure, percentiles, summary } from '../report/statistics.ts';
import { audit, auditText } from '../system/audit.ts';
import { booksOf } from '../system/people.ts';

const AIM_PER_SECOND = 200;
const CONNECTIONS = 100;

interface Latency {
  readonly minMs: number;
  readonly maxMs: number;
}

async function applying(bench: Bench, { minMs, maxMs }: Latency, aim: boolean): Promise<Line> {
  const system = await bench.system();
  const people = await bench.people();
  const books = await booksOf(system);
  const [warmUpMs, measureMs] = bench.quick ? [1_500, 5_000] : [5_000, 25_000];
  const delayed = maxMs === 0 ? 'processor latency 0' : `processor latency ${minMs}–${maxMs} ms`;
  bench.say(`apply: ${CONNECTIONS} concurrent, ${delayed}, ${measureMs / 1_000} s`);
  await system.databases.processorLatency(minMs, maxMs);
  let result: Loaded;
  try {
    result = await load(bench, system, { scenario: 'apply', connections: CONNECTIONS, warmUpMs, measureMs, people, books });
  } finally {
    await system.databases.processorLatency(0, 0);
  }
  const found = await audit(system, result.kept, bench.signal);
  const rate = result.done / result.seconds;
  const { min, max } = summary(result.perSecond);
  const deferred = result.deferred === 0 ? '' : ` (${percentiles(result.deferredLatency)})`;
  return {
    what: `applyForTextbook to PAID, ${CONNECTIONS} concurrent, ${delayed}; deferred ${figure(result.deferred / result.seconds)}/s${deferred}, not counted${refusedText(result)}`,
    result: `${figure(rate)}/s`,
    spread: `${percentiles(result.latency)}; ${min}–${max} in a second`,
    ...(aim ? { aim: `≥ ${AIM_PER_SECOND}/s`, met: rate >= AIM_PER_SECOND } : {}),
    numbers: {
      perSecond: rate,
      deferredPerSecond: result.deferred / result.seconds,
      p50Ms: result.latency.p50,
      p99Ms: result.latency.p99,
      minPerSecond: min,
      maxPerSecond: max,
      settledAfterMs: found.settledAfterMs,
    },
    notes: [auditText(found), coresText(result)],
  };
}

/** As fast as it goes. */
export const apply: Measure = { name: 'apply', run: async (bench) => [await applying(bench, { minMs: 0, maxMs: 0 }, true)] };

/** With a processor as slow as the original's: what is reached is bounded by the edge's bulkhead and time-outs. */
export const applySlow: Measure = { name: 'apply-slow', run: async (bench) => [await applying(bench, { minMs: 400, maxMs: 620 }, false)] };
