import type { Measure } from '../bench.ts';
import type { Relayed, RelayJob } from '../relay/program.ts';
import { figure, range, summary } from '../report/statistics.ts';
import { startChild } from '../system/child.ts';

const AIM_PER_SECOND = 2_000;

/** Outbox → stream → effect in another database. */
export const relay: Measure = {
  name: 'relay',
  async run(bench) {
    await bench.stopSystem();
    const job: RelayJob = bench.quick ? { rounds: 2, events: 4_000 } : { rounds: 5, events: 20_000 };
    bench.say(`relay: ${job.rounds} rounds of ${figure(job.events)} events`);
    const program = startChild(new URL('../relay/program.ts', import.meta.url), job);
    bench.atEnd(() => program.stop());
    const { seconds } = await program.said<Relayed>('relayed');
    await program.stop();
    const rates = seconds.map((took) => job.events / took);
    const { p50, min, max } = summary(rates);
    return [
      {
        what: `outbox → stream → effect in another database, backlog of ${figure(job.events)} events, relay and reader in one process`,
        result: `${figure(p50)} events/s`,
        spread: range(rates, 'events/s', 'rounds'),
        aim: `≥ ${figure(AIM_PER_SECOND)} events/s`,
        met: p50 >= AIM_PER_SECOND,
        numbers: { perSecond: p50, minPerSecond: min, maxPerSecond: max },
        notes: [`in the database: ${figure(job.events * (job.rounds + 1))} events, as many effects, each once, those of a key in order`],
      },
    ];
  },
};
