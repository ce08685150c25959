import { readdirSync, readFileSync } from 'node:fs';

/** Linux tells what processes use in /proc; elsewhere memory and CPU are not measured. */
export const hasProc = process.platform === 'linux';

/** USER_HZ, which is 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

interface Stat {
  readonly pid: number;
  readonly parent: number;
  /** Of itself and of the children that it has waited for. */
  readonly cpuSeconds: number;
}

/** Undefined when the process has gone. */
function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function statOf(pid: number): Stat | undefined {
  const text = read(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { pid, parent: Number(fields[1]), cpuSeconds: ticks / TICKS_PER_SECOND };
}

/** The process and all its descendants. */
export function familyOf(root: number): Stat[] {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (statOf(Number(name)) ?? []) : []));
  const family = all.filter(({ pid }) => pid === root);
  for (const { pid } of family) family.push(...all.filter(({ parent }) => parent === pid));
  return family;
}

/** Memory of a process in MB, pages that it shares counted by its share of them; 0 when it has gone. */
export function memoryMb(pid: number): number {
  const [, kilobytes = 0] = /^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '') ?? [];
  return Number(kilobytes) / 1_024;
}

/** Seconds of CPU that each of the named processes and its descendants have taken so far. */
export function cpuSeconds(named: Readonly<Record<string, number>>): Record<string, number> {
  if (!hasProc) return {};
  return Object.fromEntries(
    Object.entries(named).map(([name, pid]) => [name, familyOf(pid).reduce((sum, member) => sum + member.cpuSeconds, 0)]),
  );
}
