import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { untilReady } from './ready.ts';
import type { Launched } from './unit.ts';

export type NodeProcessOptions = {
  name: string;
  /** Script and its arguments. */
  command: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Output is appended here. */
  logFile: string;
  /** Ready when every one of these answers 200. */
  readyUrls: string[];
  readyTimeout: number;
};

/** A program drains for at most ten seconds; then it is not asked any more. */
const PATIENCE = 12_000;
const ORPHAN = new URL('./orphan.ts', import.meta.url).href;

/**
 * Starts a Node program in a session of its own (the terminal's Ctrl-C must reach the supervisor alone) that writes its log by
 * itself and notices by the IPC channel when the supervisor is gone.
 */
export function launchNode(options: NodeProcessOptions): Launched {
  const { name, command, cwd, env, logFile, readyUrls, readyTimeout } = options;
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(process.execPath, ['--import', ORPHAN, ...command], { cwd, env, detached: true, stdio: ['ignore', log, log, 'ipc'] });
  closeSync(log);
  const abort = new AbortController();
  let gone = false;
  const exited = ending(child).then((how) => {
    gone = true;
    abort.abort(new Error(`${name} ended while starting (${how}); the end of ${logFile}:\n${tail(logFile)}`));
    return how;
  });
  const ready = untilReady(readyUrls, readyTimeout, abort.signal);
  // Whoever waits for it gets the rejection; a start that was given up has nobody waiting.
  ready.catch(() => {});
  return {
    pid: () => child.pid,
    ready,
    exited,
    async stop(force = false) {
      if (gone) return;
      child.kill(force ? 'SIGKILL' : 'SIGTERM');
      // A stopped process (SIGSTOP) would never see the signal.
      if (!force) child.kill('SIGCONT');
      const last = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
      await exited;
      clearTimeout(last);
    },
  };
}

/** The last lines of a log, for an error message. */
export function tail(file: string, lines = 20): string {
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n') : '(empty)';
}

function ending(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit ${code}`));
  });
}
