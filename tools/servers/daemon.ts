import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { identify, type ProcessIdentity, runs, terminate } from './processes.ts';

/** A server of ours that runs. */
export type Daemon = {
  pid: number;
  /** Resolves when the server has ended, for whatever reason. */
  exited: Promise<void>;
  /** Ends the server in good order and waits for it. Idempotent. */
  stop(): Promise<void>;
};

export type DaemonOptions = {
  /** What error messages call it. */
  name: string;
  command: string;
  args: string[];
  /** The account to run as, when we are root and the server refuses to be. */
  user?: { uid: number; gid: number } | undefined;
  /** Takes the server's own output; written anew at each start. */
  logFile: string;
  /** Remembers the server and its owner, see {@link releaseFromFormerOwner}. */
  recordFile: string;
  /** From gentle to hard; each has ten seconds. */
  stopSignals: NodeJS.Signals[];
  ready(pid: number): boolean;
  /** Milliseconds until it must be ready; 60,000 by default. */
  timeout?: number;
};

type Ownership = { owner: ProcessIdentity; server: ProcessIdentity };

/**
 * Starts a server in a session of its own, so that the terminal's Ctrl-C reaches only its owner, who then stops things in order.
 * Rejects with the end of the server's log when it does not become ready.
 */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const { name, command, args, user, logFile, recordFile, stopSignals, ready, timeout = 60_000 } = options;
  const log = openSync(logFile, 'w', 0o600);
  const child = spawn(command, args, { ...user, cwd: '/', detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  let ended: string | undefined;
  const exited = new Promise<void>((resolve) => {
    const end = (how: string) => {
      ended = how;
      resolve();
    };
    child.once('error', (error) => end(error.message));
    child.once('exit', (code, signal) => end(`exit ${signal ?? code}`));
  });
  const failed = (why: string) => new Error(`${name} ${why}; the end of ${logFile}:\n${tail(logFile)}`);
  if (child.pid === undefined) {
    await exited;
    throw failed(`could not be started (${ended})`);
  }
  const { pid } = child;
  const server = identify(pid);
  const owner = identify(process.pid);
  if (server && owner) writeFileSync(recordFile, JSON.stringify({ owner, server } satisfies Ownership), { mode: 0o600 });

  let stopping: Promise<void> | undefined;
  const stop = async () => {
    if (server && ended === undefined) await terminate(server, stopSignals);
    await exited;
    rmSync(recordFile, { force: true });
  };

  const deadline = Date.now() + timeout;
  while (!ready(pid)) {
    if (ended !== undefined) throw failed(`ended while starting (${ended})`);
    if (Date.now() > deadline) {
      await stop();
      throw failed(`was not ready within ${timeout / 1000} s`);
    }
    await delay(5);
  }
  return { pid, exited, stop: () => (stopping ??= stop()) };
}

/**
 * Ends a server that was left behind when its owner was killed. Throws when the owner still lives: two owners of one data folder would
 * stop each other's server.
 */
export async function releaseFromFormerOwner(
  recordFile: string,
  stopSignals: NodeJS.Signals[],
  log: (line: string) => void,
): Promise<void> {
  if (!existsSync(recordFile)) return;
  const record = parse(readFileSync(recordFile, 'utf8'));
  if (record && runs(record.server)) {
    if (runs(record.owner)) throw new Error(`the server of ${recordFile} is in use by process ${record.owner.pid}: stop that one first`);
    log(`stopping server ${record.server.pid}, left behind by process ${record.owner.pid}`);
    await terminate(record.server, stopSignals);
  }
  rmSync(recordFile, { force: true });
}

/** Kills the server of a record at once, if it runs. */
export function killRecorded(recordFile: string): void {
  const record = parse(readFileSync(recordFile, 'utf8'));
  if (record && runs(record.server)) process.kill(record.server.pid, 'SIGKILL');
}

function parse(text: string): Ownership | undefined {
  try {
    return JSON.parse(text) as Ownership;
  } catch {
    return undefined; // half written by an owner that was killed
  }
}

function tail(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').slice(-15).join('\n') : '(empty)';
}
