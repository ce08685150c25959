import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { migrateAll } from '../migrate/migrate.ts';
import { contextsWithDatabase } from '../workspace.ts';
import { lock } from './lock.ts';
import { assertRouterPortIsFree, pickPorts } from './ports.ts';
import { programEnvironment, programs } from './programs.ts';
import { readiness } from './readiness.ts';
import { startReaper } from './reaper.ts';
import { type ProcessRecord, writeRecords } from './records.ts';
import { consoleReporter, type Reporter, silentReporter } from './reporter.ts';
import { servers, wipe } from './servers.ts';
import { type StartOptions, settingsOf } from './settings.ts';
import type { Unit } from './unit.ts';
import { followWarnings } from './warnings.ts';

/** A whole platform that runs. Names of processes: `postgres`, `nats`, `router`, `contexts` (the host process) or the contexts themselves. */
export type Madang = {
  /** The router's endpoint, `http://localhost:4000/graphql`. */
  url: string;
  /** The environment that every program got: DATABASE_URL, NATS_URL, INTERNAL_SECRET, `<CONTEXT>_URL`, … */
  env: Record<string, string>;
  dataDir: string;
  /** Every process as it is now; `pid` is undefined while it is down. Not there: servers that DATABASE_URL or NATS_URL named. */
  processes: ReadonlyMap<string, Readonly<Unit>>;
  /** Where a process writes its log. */
  logOf(name: string): string;
  /** Stops the process if it runs, starts it with the same ports and environment, waits until it is ready. */
  restart(name: string): Promise<void>;
  /** Sends a signal. Killed processes stay down until `restart`; resolves when it is gone (SIGSTOP and SIGCONT: at once). */
  kill(name: string, signal?: NodeJS.Signals): Promise<void>;
  /** Ends a process in good order (SIGTERM); it stays down until `restart`. */
  halt(name: string): Promise<void>;
  /** Resolves when every process (or this one) is ready, also after a crash; rejects after `timeout` milliseconds, default 30,000. */
  ready(name?: string, timeout?: number): Promise<void>;
  /** Switches whether a process that ends by itself is started again. */
  autoRestart(name: string, on: boolean): void;
  /** Router, contexts (drained), nats-server, PostgreSQL, in this order. Idempotent. `force`: without asking the programs. */
  stop(options?: { force?: boolean }): Promise<void>;
};

/** Starts everything and resolves when everything is ready; rejects, having stopped everything, when something does not start. */
export async function startMadang(options: StartOptions = {}): Promise<Madang> {
  const madang = createMadang(options);
  await madang.start();
  return madang;
}

/** {@link startMadang} in two steps, for whoever may have to stop it while it starts: `stop` then makes `start` reject. */
export function createMadang(options: StartOptions = {}): Madang & { start(): Promise<void> } {
  const settings = settingsOf(options);
  const { root, dataDir } = settings;
  const given = { ...process.env, ...settings.env };
  const report: Reporter = settings.quiet ? silentReporter : consoleReporter();
  const logs = path.join(dataDir, 'logs');
  const units = new Map<string, Unit>();
  const env: Record<string, string> = {};
  const ready = readiness();
  const undo: (() => void | Promise<void>)[] = [];
  let url = '';
  let reaper: ReturnType<typeof startReaper> | undefined;
  let begun: Promise<void> | undefined;
  let stopping: Promise<void> | undefined;
  let forced = false;

  const logOf = (name: string) => path.join(logs, `${name}.log`);
  const changed = () => {
    if (!reaper) return;
    const pids = (server: boolean) =>
      [...units.values()].filter((unit) => isServer(unit.name) === server).flatMap((unit) => unit.pid ?? []);
    reaper.watch(pids(false), pids(true));
    const own: ProcessRecord = { name: 'supervisor', state: 'ready', pid: process.pid, url };
    writeRecords(dataDir, [own, ...[...units.values()].map(({ name, state, pid, port, url }) => ({ name, state, pid, port, url }))]);
    ready.changed();
  };
  const goOn = () => {
    if (stopping) throw new Error('stopped while starting');
  };
  const unitOf = (name: string): Unit => {
    const found = units.get(name);
    if (found) return found;
    const hint = settings.hosted.includes(name) ? `; ${name} is hosted by the process "contexts": start with processes: ['${name}']` : '';
    throw new Error(`no such process: ${name}; there are ${[...units.keys()].join(', ')}${hint}`);
  };
  const add = (unit: Unit) => {
    units.set(unit.name, unit);
    return unit;
  };

  async function begin(): Promise<void> {
    undo.push(await lock(dataDir));
    goOn();
    if (settings.port > 0) await assertRouterPortIsFree(settings.port);
    if (settings.fresh) await wipe(dataDir);
    mkdirSync(logs, { recursive: true });
    reaper = startReaper();
    const own = await servers(settings, given, { report, changed });
    const ports = new Map<string, number>();
    const picked = await pickPorts(settings.contexts.length + 1);
    for (const [index, context] of settings.contexts.entries()) ports.set(context, picked[index] as number);
    const routerPort = settings.port || (picked.at(-1) as number);
    url = `http://localhost:${routerPort}/graphql`;
    Object.assign(env, programEnvironment(settings, given, ports));
    goOn();
    await Promise.all(
      own.units.map((unit) =>
        report.step(unit.name === 'nats' ? 'nats-server' : 'PostgreSQL', add(unit).start(), () => own.describe(unit.name)),
      ),
    );
    goOn();
    Object.assign(env, own.urls());
    const databases = contextsWithDatabase(root).filter((context) => settings.contexts.includes(context));
    const migrating = migrateAll({ contexts: databases, serverUrl: env.DATABASE_URL as string, base: root });
    await report.step(
      'migrations',
      migrating,
      (done) => `${done.size} databases, ${[...done.values()].flatMap(({ applied }) => applied).length} applied`,
    );
    goOn();
    const started = programs(settings, env, ports, routerPort, { report, changed, logOf });
    for (const { name } of started) follow(name);
    await Promise.all(started.map((unit) => report.step(unit.name, add(unit).start(), () => describe(unit))));
    goOn();
  }

  function follow(name: string): void {
    writeFileSync(logOf(name), '', { flag: 'a', mode: 0o600 });
    truncateSync(logOf(name));
    if (!settings.quiet) undo.push(followWarnings(name, logOf(name), report.warn));
  }

  function describe({ name, url: address, pid }: Unit): string {
    return name === 'contexts' ? `${settings.hosted.length} contexts in process ${pid}` : `${address}  process ${pid}`;
  }

  async function end(): Promise<void> {
    const all = [...units.values()];
    const stopAll = (names: (name: string) => boolean) =>
      Promise.all(all.filter(({ name }) => names(name)).map((unit) => unit.stop(forced)));
    await stopAll((name) => name === 'router');
    await stopAll((name) => name !== 'router' && !isServer(name));
    await stopAll((name) => name === 'nats');
    await stopAll((name) => name === 'postgres');
    await begun?.catch(() => {});
    // What a start that was under way has still added.
    await Promise.all([...units.values()].reverse().map((unit) => unit.stop(forced)));
    if (reaper) rmSync(path.join(dataDir, 'processes.json'), { force: true });
    await reaper?.dismiss();
    // The lock is the last to go: the next start finds the folder in order.
    for (const step of undo.reverse()) await step();
  }

  const self: Madang & { start(): Promise<void> } = {
    get url() {
      return url;
    },
    env,
    dataDir,
    processes: units,
    logOf,
    async start() {
      begun ??= begin();
      try {
        await begun;
      } catch (error) {
        await self.stop();
        throw error;
      }
    },
    restart: async (name) => unitOf(name).restart(),
    kill: async (name, signal = 'SIGKILL') => unitOf(name).kill(signal),
    halt: async (name) => unitOf(name).stop(),
    autoRestart(name, on) {
      unitOf(name).autoRestart = on;
    },
    ready: (name, timeout = 30_000) => ready.of(name ? [unitOf(name)] : [...units.values()], timeout),
    async stop({ force = false } = {}) {
      if (force && !forced) {
        forced = true;
        if (stopping) await Promise.all([...units.values()].filter(({ name }) => !isServer(name)).map((unit) => unit.stop(true)));
      }
      stopping ??= end();
      await stopping;
    },
  };
  return self;
}

function isServer(name: string): boolean {
  return name === 'postgres' || name === 'nats';
}
