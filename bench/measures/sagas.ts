import type { Bench, Line, Measure } from '../bench.ts';
import { coresText, type Loaded, load, refusedText } from '../load/load.ts';
import { figure, percentiles, summary } from '../report/statistics.ts';
import { auditReservations, auditRides } from '../system/audit-sagas.ts';
import { kickboardsFor, plansOf } from '../system/street.ts';

const CONNECTIONS = 100;

const rounds = (bench: Bench): [number, number] => (bench.quick ? [1_500, 5_000] : [5_000, 20_000]);

function line(what: string, result: Loaded, audited: string): Line {
  const rate = result.done / result.seconds;
  const { min, max } = summary(result.perSecond);
  return {
    what: `${what}, ${CONNECTIONS} concurrent, processor latency 0${refusedText(result)}`,
    result: `${figure(rate)}/s`,
    spread: `${percentiles(result.latency)}; ${min}–${max} in a second`,
    numbers: { perSecond: rate, p50Ms: result.latency.p50, p99Ms: result.latency.p99, minPerSecond: min, maxPerSecond: max },
    notes: [audited, coresText(result)],
  };
}

/** Reserving a cleaning: paid synchronously, or refused. To be compared with `apply`: it has as many steps. */
export const reserve: Measure = {
  name: 'reserve',
  async run(bench) {
    const system = await bench.system();
    const people = await bench.people();
    const plans = await plansOf(system);
    const [warmUpMs, measureMs] = rounds(bench);
    bench.say(`reserve: ${CONNECTIONS} concurrent, ${measureMs / 1_000} s`);
    const result = await load(bench, system, { scenario: 'reserve', connections: CONNECTIONS, warmUpMs, measureMs, people, plans });
    return [line('reserveCleaning to RESERVED', result, await auditReservations(system, result.kept, bench.signal))];
  },
};

/** Buying a ticket, renting with it, returning: every step is one request, counted when it led to the status that it should. */
export const ride: Measure = {
  name: 'ride',
  async run(bench) {
    const system = await bench.system();
    const people = await bench.people();
    const kickboards = await kickboardsFor(system, CONNECTIONS);
    const [warmUpMs, measureMs] = rounds(bench);
    bench.say(`ride: ${CONNECTIONS} concurrent, ${measureMs / 1_000} s`);
    const result = await load(bench, system, { scenario: 'ride', connections: CONNECTIONS, warmUpMs, measureMs, people, kickboards });
    return [line('steps of a ride (buy a ticket, rent, return)', result, await auditRides(system, result.kept, bench.signal))];
  },
};
