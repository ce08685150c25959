import { setTimeout as delay } from 'node:timers/promises';
import type { Bench, Line, Measure } from '../bench.ts';
import { figure, summary } from '../report/statistics.ts';
import { familyOf, hasProc, memoryMb } from '../system/proc.ts';
import type { System } from '../system/system.ts';

const AIM_MB = 500;
const SAMPLES = 5;

/** MB by process; `postgres` with its backends. */
function weigh({ supervisor, pids }: System): Map<string, { mb: number; processes: number }> {
  const names = new Map(Object.entries(pids).map(([name, pid]) => [pid, name]));
  const owner = new Map<number, string>();
  const weights = new Map<string, { mb: number; processes: number }>();
  // Parents come before their children.
  for (const { pid, parent } of familyOf(supervisor)) {
    const name =
      names.get(pid) ?? (pid === supervisor ? 'supervisor' : owner.get(parent) === 'supervisor' ? 'reaper' : owner.get(parent)) ?? 'other';
    owner.set(pid, name);
    const weight = weights.get(name) ?? { mb: 0, processes: 0 };
    weights.set(name, { mb: weight.mb + memoryMb(pid), processes: weight.processes + 1 });
  }
  return weights;
}

async function weighed({ signal }: Bench, system: System, what: string, aim: boolean): Promise<Line> {
  if (!hasProc) return { what, result: 'not measured', spread: 'needs /proc (Linux)', numbers: {} };
  const sums: number[] = [];
  let last = weigh(system);
  for (let sample = 0; sample < SAMPLES; sample++) {
    if (sample > 0) await delay(500, undefined, { signal });
    last = weigh(system);
    sums.push([...last.values()].reduce((sum, { mb }) => sum + mb, 0));
  }
  const { min, p50, max } = summary(sums);
  const parts = [...last].toSorted(([, a], [, b]) => b.mb - a.mb);
  const named = parts.map(([name, { mb, processes }]) => `${name}${processes > 1 ? ` (${processes} processes)` : ''} ${figure(mb)} MB`);
  return {
    what,
    result: `${figure(p50)} MB`,
    spread: `${figure(min)}–${figure(max)} MB over ${SAMPLES} looks`,
    ...(aim ? { aim: `≤ ${AIM_MB} MB`, met: p50 <= AIM_MB } : {}),
    numbers: { mb: p50, ...Object.fromEntries(parts.map(([name, { mb }]) => [`${name}Mb`, mb])) },
    notes: [`${what}: ${named.join(', ')}`],
  };
}

/** What an idle platform takes: just started, its seeds settled, nobody there. */
export const memory: Measure = {
  name: 'memory',
  async run(bench) {
    const system = await bench.system();
    // Connections that nobody needs are closed after ten seconds.
    const seconds = bench.quick ? 2 : 20;
    await delay(seconds * 1_000, undefined, { signal: bench.signal });
    return [await weighed(bench, system, `memory of all our processes, idle for ${seconds} s (PSS)`, true)];
  },
};

/** The same after all that has run against it. */
export const memoryAfter: Measure = {
  name: 'memory-after',
  async run(bench) {
    const system = await bench.system();
    await delay(bench.quick ? 1_000 : 5_000, undefined, { signal: bench.signal });
    const loads = bench.loads.length === 0 ? 'no load, since none was asked for' : bench.loads.join(', ');
    return [await weighed(bench, system, `memory after the load (${loads})`, false)];
  },
};
