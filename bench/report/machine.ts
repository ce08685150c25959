import { readFileSync } from 'node:fs';
import os from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

/** What the figures depend on. */
export interface Machine {
  readonly system: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly node: string;
  /** Of the last minute, when the run began. */
  readonly load: number;
  /** Share of all cores that was taken by others in the second before the run began. */
  readonly taken: number;
}

/** Looks at the machine for a second. */
export async function machineFacts(): Promise<Machine> {
  const before = ticks();
  await delay(1_000);
  const after = ticks();
  const all = after.all - before.all;
  return {
    system: `${distribution()} (${os.type()} ${os.release()}, ${os.arch()})`,
    cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
    cores: os.availableParallelism(),
    memoryGb: os.totalmem() / 2 ** 30,
    node: process.version,
    load: os.loadavg()[0] ?? 0,
    taken: all === 0 ? 0 : 1 - (after.idle - before.idle) / all,
  };
}

/** Why the figures of this run mean little; undefined when the machine is quiet. */
export function busyWarning({ cores, load, taken }: Machine): string | undefined {
  if (taken < 0.1 && load < cores / 2) return undefined;
  return `THE MACHINE IS BUSY (load average ${load.toFixed(2)}, ${(taken * 100).toFixed(0)} % of ${cores} cores taken by others): these figures mean little. Run again when it is quiet.`;
}

/** A line per fact. */
export function machineText({ system, cpu, cores, memoryGb, node, load, taken }: Machine): string {
  return [
    `machine   ${cores} cores of ${cpu}, ${memoryGb.toFixed(1)} GB, ${system}`,
    `node      ${node}`,
    `at start  load average ${load.toFixed(2)}, ${(taken * 100).toFixed(0)} % of the cores taken by others`,
  ].join('\n');
}

function ticks(): { idle: number; all: number } {
  const times = os.cpus().map((cpu) => cpu.times);
  const sum = (of: (time: (typeof times)[number]) => number) => times.reduce((total, time) => total + of(time), 0);
  return { idle: sum(({ idle }) => idle), all: sum(({ user, nice, sys, idle, irq }) => user + nice + sys + idle + irq) };
}

function distribution(): string {
  try {
    return /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? os.type();
  } catch {
    return os.type();
  }
}
