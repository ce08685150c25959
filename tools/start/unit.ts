import type { State } from './records.ts';
import type { Reporter } from './reporter.ts';

/** A process that was just started. */
export type Launched = {
  /** Undefined until the operating system has given it one. */
  pid(): number | undefined;
  /** Rejects, with the end of its log, when it ends before it is ready. */
  ready: Promise<void>;
  /** Resolves with how it ended (`exit 1`, `SIGKILL`); never rejects. */
  exited: Promise<string>;
  /** Asks it to end and waits; `force` does not ask. */
  stop(force?: boolean): Promise<void>;
};

export type UnitOptions = {
  name: string;
  url: string;
  port?: number | undefined;
  launch(): Launched;
  /** Whether it is started again when it ends by itself after it was ready. */
  autoRestart: boolean;
  report: Pick<Reporter, 'note' | 'warn'>;
  /** Called after every change of state or pid. */
  changed(): void;
};

/** One process that is kept running: always the same name, address and environment, whatever number it has. */
export type Unit = {
  readonly name: string;
  readonly url: string;
  readonly port: number | undefined;
  readonly pid: number | undefined;
  readonly state: State;
  autoRestart: boolean;
  /** Starts it and waits until it is ready; a failure is the caller's, nothing is tried again. */
  start(): Promise<void>;
  /** Ends it in good order. */
  stop(force?: boolean): Promise<void>;
  /** Sends a signal; one that ends processes leaves it down until {@link restart}, and resolves when it is gone. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Stops it when it runs, starts it, waits until it is ready. */
  restart(): Promise<void>;
};

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 10_000;
/** After this long without a crash the pauses start small again. */
const CALM = 30_000;
const HARMLESS: NodeJS.Signals[] = ['SIGSTOP', 'SIGCONT', 'SIGUSR1', 'SIGUSR2'];

/** Makes a {@link Unit}; nothing is started yet. */
export function unit(options: UnitOptions): Unit {
  const { name, url, port, launch, report, changed } = options;
  let current: Launched | undefined;
  let state: State = 'stopped';
  let wanted = false;
  let crashes = 0;
  let readySince = 0;
  let pause: NodeJS.Timeout | undefined;
  // Counts what was asked for, so that an attempt that is overtaken has no say any more.
  let generation = 0;

  const enter = (next: State) => {
    state = next;
    changed();
  };

  const give = (wish: boolean) => {
    clearTimeout(pause);
    wanted = wish;
    generation++;
  };

  async function begin(): Promise<void> {
    const launched = launch();
    current = launched;
    enter('starting');
    void launched.exited.then((how) => ended(launched, how));
    await launched.ready;
    if (current !== launched || !wanted) return;
    readySince = Date.now();
    enter('ready');
  }

  function ended(launched: Launched, how: string): void {
    if (current !== launched) return;
    const crashed = state === 'ready' && wanted;
    current = undefined;
    enter(wanted ? 'down' : 'stopped');
    if (crashed && self.autoRestart) again(how);
    else if (crashed) report.warn(`${name} ended (${how}); it stays down`);
  }

  function again(how: string): void {
    if (readySince > 0 && Date.now() - readySince > CALM) crashes = 0;
    const wait = Math.min(FIRST_PAUSE * 2 ** crashes++, LONGEST_PAUSE);
    report.warn(`${name} ended (${how}); starting it again in ${wait / 1000} s`);
    const mine = generation;
    pause = setTimeout(() => {
      begin().then(
        () => mine === generation && report.note(`${name} is back`),
        (error: Error) => mine === generation && self.autoRestart && again(error.message.split('\n')[0] as string),
      );
    }, wait);
  }

  const self: Unit = {
    name,
    url,
    port,
    autoRestart: options.autoRestart,
    get pid() {
      return current?.pid();
    },
    get state() {
      return state;
    },
    async start() {
      give(true);
      await begin();
    },
    async stop(force) {
      give(false);
      await current?.stop(force);
      if (state !== 'stopped') enter('stopped');
    },
    async kill(signal) {
      const target = current;
      const pid = target?.pid();
      if (!HARMLESS.includes(signal)) give(false);
      if (!target || pid === undefined) return;
      process.kill(pid, signal);
      if (!HARMLESS.includes(signal)) await target.exited;
    },
    async restart() {
      await self.stop();
      await self.start();
    },
  };
  return self;
}
