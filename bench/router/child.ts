import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';

/** Which cores a program may use: all of them where `taskset` is not there. */
export type Cores = string;
const pins = process.platform === 'linux' && spawnSync('taskset', ['--version']).status === 0;
const cores = availableParallelism();

/** The gateways have the first core, one after the other; subgraphs and load share the others. */
export const GATEWAY: Cores = '0';
export const SUBGRAPH: Cores = cores > 2 ? '1' : String(cores - 1);
export const LOAD: Cores = cores > 2 ? `2-${cores - 1}` : String(cores - 1);
/** How the programs are spread, for the report. */
export const spread: string = pins
  ? `gateways on core ${GATEWAY}, subgraphs on ${SUBGRAPH}, load on ${LOAD} (taskset)`
  : 'not pinned to cores: no taskset here';

export interface Program {
  readonly pid: number;
  /** Asks it over the channel. @throws what it says, or that it has ended */
  ask<Answer>(what: string, argument?: unknown): Promise<Answer>;
  /** Its output so far, the last of it. */
  output(): string;
  readonly ended: () => boolean;
  stop(): Promise<void>;
}

interface Reply {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

interface ProgramOptions {
  readonly args?: readonly string[];
  readonly cwd?: string;
  /** Node's own. */
  readonly flags?: readonly string[];
}

/** Starts a Node program on some cores. It ends with this process at the latest, since its channel is then closed. */
export function startProgram(file: string, on: Cores, { args = [], cwd, flags = [] }: ProgramOptions = {}): Program {
  const command = [...(pins ? ['taskset', '-c', on] : []), process.execPath, ...flags, file, ...args];
  const child = spawn(command[0] as string, command.slice(1), {
    cwd,
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-4_000);
    });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let ids = 0;
  child.on('message', ({ id, result, error }: Reply) => {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asked?.resolve(result);
    else asked?.reject(new Error(error));
  });
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  const gone = () => new Error(`${file} has ended (${child.signalCode ?? `exit ${child.exitCode}`})\n${output}`);
  child.once('close', () => {
    for (const asked of waiting.values()) asked.reject(gone());
  });
  child.once('error', () => {});
  return {
    pid: child.pid ?? 0,
    ask<Answer>(what: string, argument?: unknown) {
      if (ended()) return Promise.reject(gone());
      const asked = Promise.withResolvers<unknown>();
      waiting.set(++ids, asked);
      child.send({ id: ids, what, argument });
      return asked.promise as Promise<Answer>;
    },
    output: () => output.trim(),
    ended,
    stop: () => stop(child, ended),
  };
}

async function stop(child: ChildProcess, ended: () => boolean): Promise<void> {
  if (ended() || child.pid === undefined) return;
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  const last = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await closed;
  clearTimeout(last);
}

type Answers = Readonly<Record<string, (argument: never) => unknown>>;

/** In the program: answers what it is asked, until whoever started it is gone. */
export function answering(answers: Answers): void {
  // The terminal's Ctrl-C reaches the bench too, which stops everything in order.
  process.on('SIGINT', () => {});
  process.on('disconnect', () => process.exit());
  process.on('message', async ({ id, what, argument }: { id: number; what: string; argument: never }) => {
    try {
      process.send?.({ id, result: await answers[what]?.(argument) } satisfies Reply);
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) } satisfies Reply);
    }
  });
}
