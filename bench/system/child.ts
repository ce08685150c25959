import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Child {
  readonly pid: number;
  /** The first message of that kind. Rejects when the child ends without it. */
  said<Message extends { readonly kind: string }>(kind: Message['kind']): Promise<Message>;
  /** Asks it to end and waits; what does not listen is killed. Idempotent. */
  stop(): Promise<void>;
}

/** How long a program may take to end when asked to: the platform drains for ten seconds, its servers have theirs. */
const PATIENCE_MS = 40_000;

/** A program of the bench in a process of its own. It ends with the bench at the latest: its channel is then closed. */
export function startChild(module: URL, argument: unknown, env: NodeJS.ProcessEnv = process.env): Child {
  const child = fork(fileURLToPath(module), { env, execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'], serialization: 'advanced' });
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-4_000);
  });
  const gone = once(child, 'close');
  const heard: { readonly kind: string }[] = [];
  child.on('message', (message) => heard.push(message as { readonly kind: string }));
  child.send(argument as object);
  return {
    pid: child.pid ?? 0,
    said<Message extends { readonly kind: string }>(kind: Message['kind']) {
      const said = hearing<Message>(child, heard, kind, () => complaint);
      // Whoever waits for it gets the rejection.
      said.catch(() => {});
      return said;
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      const last = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
      await gone;
      clearTimeout(last);
    },
  };
}

function hearing<Message extends { readonly kind: string }>(
  child: ChildProcess,
  heard: readonly { readonly kind: string }[],
  kind: string,
  complaint: () => string,
): Promise<Message> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const found = heard.find((message) => message.kind === kind);
      if (found) resolve(found as Message);
    };
    child.on('message', look);
    child.once('close', (code, signal) =>
      reject(new Error(`${child.spawnargs.at(-1)} ended (${signal ?? `exit ${code}`})\n${complaint()}`)),
    );
    look();
    if (child.exitCode !== null || child.signalCode !== null) reject(new Error(`${child.spawnargs.at(-1)} has ended\n${complaint()}`));
  });
}

/** In the child: what the bench gave it. The child then ends when the bench does. */
export async function argumentOfThisChild<Argument>(): Promise<Argument> {
  // The terminal's Ctrl-C reaches the bench too, which stops everything in order.
  process.on('SIGINT', () => {});
  const [argument] = await once(process, 'message');
  return argument as Argument;
}
