import type { Bench } from '../bench.ts';
import { Profilers } from '../profile/profilers.ts';
import { figure } from '../report/statistics.ts';
import { startChild } from '../system/child.ts';
import { cpuSeconds } from '../system/proc.ts';
import type { System } from '../system/system.ts';
import type { LoadResult } from './generator.ts';
import type { Job } from './scenario.ts';

export interface Loaded extends LoadResult {
  /** Cores that each process kept busy while it was measured: 0.95 is nearly one of them. */
  readonly cores: Readonly<Record<string, number>>;
}

/**
 * Runs a load from a process of its own: it shares no event loop with what it measures, but the machine's cores.
 * @throws when an answer was wrong, or when nothing was done
 */
export async function load(bench: Bench, system: System, job: Omit<Job, 'url'>): Promise<Loaded> {
  const generator = startChild(new URL('./generator.ts', import.meta.url), { ...job, url: system.url });
  bench.atEnd(() => generator.stop());
  const watched = { ...system.pids, generator: generator.pid };
  const profilers = bench.profiles === undefined ? undefined : await Profilers.attach(system, bench.profiles);

  await generator.said('measuring');
  await profilers?.start();
  const began = { at: performance.now(), cpu: cpuSeconds(watched) };
  await generator.said('measured');
  const seconds = (performance.now() - began.at) / 1_000;
  const cpu = cpuSeconds(watched);
  await profilers?.stop(job.scenario);

  const result = await generator.said<LoadResult>('result');
  await generator.stop();
  bench.loads.push(job.scenario);
  if (result.wrong > 0) throw new Error(`${result.wrong} answers were wrong: ${result.flaws.join('; ')}`);
  if (result.done + result.deferred === 0) throw new Error(`nothing was done: ${JSON.stringify(result.refused)}`);
  const cores = Object.fromEntries(Object.entries(cpu).map(([name, now]) => [name, Math.max(0, now - (began.cpu[name] ?? now)) / seconds]));
  return { ...result, cores };
}

/** `contexts 0.95, router 0.52, …` */
export function coresText({ cores }: Loaded): string {
  const busy = Object.entries(cores).map(([name, count]) => `${name} ${figure(count)}`);
  return busy.length === 0
    ? 'CPU is measured on Linux only'
    : `cores kept busy: ${busy.join(', ')} (the load generator is one of them and shares them)`;
}

/** `, refused TRY_AGAIN_LATER 12`; empty when nothing was. */
export function refusedText({ refused }: LoadResult): string {
  return Object.entries(refused)
    .map(([code, count]) => `, refused ${code} ${count}`)
    .join('');
}
