import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** A process that is recognised even when its number has been given to another one meanwhile. */
export type ProcessIdentity = { pid: number; startedAt: string };

/** Whether a process with this number exists. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When the process was started, in a form that only serves for comparison; undefined when there is none (a zombie is none). */
export function startedAt(pid: number): string | undefined {
  if (!exists(pid)) return undefined;
  if (process.platform === 'linux') {
    try {
      // The name in parentheses may contain blanks: state is field 3, the start in clock ticks since boot field 22.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      return fields[0] === 'Z' ? undefined : `${fields[19]}@${bootId()}`;
    } catch {
      return undefined;
    }
  }
  if (process.platform === 'win32') return 'unknown';
  return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim() || undefined;
}

/** The identity of a running process. */
export function identify(pid: number): ProcessIdentity | undefined {
  const start = startedAt(pid);
  return start === undefined ? undefined : { pid, startedAt: start };
}

/** Whether exactly this process still runs. */
export function runs(identity: ProcessIdentity | undefined): boolean {
  return identity !== undefined && startedAt(identity.pid) === identity.startedAt;
}

/** The command line of a process, empty when it cannot be read. */
export function commandLine(pid: number): string {
  if (process.platform === 'win32') return '';
  if (process.platform !== 'linux') return spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** Sends the signals one after the other until the process is gone, giving it `patience` milliseconds after each. */
export async function terminate(identity: ProcessIdentity, signals: NodeJS.Signals[], patience = 10_000): Promise<void> {
  for (const signal of signals) {
    if (!runs(identity)) return;
    process.kill(identity.pid, signal);
    const deadline = Date.now() + patience;
    while (runs(identity) && Date.now() < deadline) await delay(10);
  }
  if (runs(identity)) throw new Error(`process ${identity.pid} does not end`);
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}
