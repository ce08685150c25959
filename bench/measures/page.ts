import type { Bench, Line, Measure } from '../bench.ts';
import { coresText, load, refusedText } from '../load/load.ts';
import type { Job } from '../load/scenario.ts';
import { figure, percentiles, summary } from '../report/statistics.ts';

const AIM_PER_SECOND = 1_000;
const CONNECTIONS = 50;

async function pages(bench: Bench, scenario: Job['scenario'], what: string, aim: boolean): Promise<Line> {
  const system = await bench.system();
  const people = await bench.people();
  const [warmUpMs, measureMs] = bench.quick ? [1_000, 3_000] : [5_000, 15_000];
  bench.say(`${scenario}: ${people.length} accounts, ${CONNECTIONS} connections, ${measureMs / 1_000} s`);
  const result = await load(bench, system, { scenario, connections: CONNECTIONS, warmUpMs, measureMs, people });
  const rate = result.done / result.seconds;
  const { min, max } = summary(result.perSecond);
  return {
    what: `${what}, ${CONNECTIONS} connections, ${people.length} accounts${refusedText(result)}`,
    result: `${figure(rate)}/s`,
    spread: `${percentiles(result.latency)}; ${min}–${max} in a second`,
    ...(aim ? { aim: `≥ ${figure(AIM_PER_SECOND)}/s`, met: rate >= AIM_PER_SECOND && Object.keys(result.refused).length === 0 } : {}),
    numbers: { perSecond: rate, p50Ms: result.latency.p50, p99Ms: result.latency.p99, minPerSecond: min, maxPerSecond: max },
    notes: [coresText(result)],
  };
}

/** A customer's page across four subgraphs. */
export const page: Measure = {
  name: 'page',
  run: async (bench) => [
    await pages(bench, 'page', 'me page across 4 subgraphs (account, applications, payments, deliveries)', true),
    await pages(bench, 'deep-page', 'the same by reference: me → applications → payment and delivery of each', false),
  ],
};
