import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { COMPILE_CACHE } from '../../tools/servers/compile-cache.ts';

/** A context as a process of its own, which can be killed and started again. */
export class ContextProcess {
  /** Nowhere while it is dead: its port may be another's by then. */
  url = '';
  /** All that it has written. */
  output = '';
  readonly #main: URL;
  readonly #env: Readonly<Record<string, string>>;
  #child: ChildProcess | null = null;

  /** @param main its `main.ts` */
  constructor(main: URL, env: Readonly<Record<string, string>>) {
    this.#main = main;
    this.#env = env;
  }

  async start(): Promise<this> {
    const env = { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE, ...this.#env };
    const child = fork(this.#main, { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (this.output += text));
    this.#child = child;
    const [message] = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => [null])]);
    if (message === null) throw new Error(`it could not start: ${this.output}`);
    this.url = (message as { ready: string }).ready;
    return this;
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    this.#child = null;
    this.url = '';
    if (child === null || child.exitCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }
}
