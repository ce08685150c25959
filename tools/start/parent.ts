import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { identify, type ProcessIdentity, runs } from '../servers/processes.ts';

const INTERVAL = 300;

/**
 * Calls `gone` once when the npm that started this process has ended: it can be killed in ways that it does not hand on to us. Where npm
 * goes through a shell that outlives it, both are watched. Started without npm, nobody is: that is how one leaves it running for good.
 */
export function whenParentIsGone(gone: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const watched = ancestors();
  const timer = setInterval(() => {
    if (watched.every(runs)) return;
    clearInterval(timer);
    gone();
  }, INTERVAL).unref();
}

function ancestors(): ProcessIdentity[] {
  const parent = process.ppid > 1 ? identify(process.ppid) : undefined;
  if (!parent) return [];
  const shell = ['sh', 'bash', 'dash', 'zsh'].includes(commandOf(parent.pid));
  const grandparent = shell ? identify(parentOf(parent.pid)) : undefined;
  return grandparent ? [parent, grandparent] : [parent];
}

function parentOf(pid: number): number {
  if (process.platform !== 'linux') return Number(ps('ppid=', pid));
  return Number(
    readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')[1],
  );
}

function commandOf(pid: number): string {
  return process.platform === 'linux' ? readFileSync(`/proc/${pid}/comm`, 'utf8').trim() : path.basename(ps('comm=', pid));
}

function ps(field: string, pid: number): string {
  return process.platform === 'win32' ? '' : spawnSync('ps', ['-o', field, '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
}
