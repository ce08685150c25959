import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { System } from '../system/system.ts';
import { until } from '../system/until.ts';

const PROFILED = ['contexts', 'router'];
/** Given to the programs so that each inspector takes a port of its own when it is asked to listen. */
export const INSPECTABLE = { NODE_OPTIONS: '--inspect-port=127.0.0.1:0' };

const LISTENING = /Debugger listening on (ws:\/\/\S+)/;

/** CPU profilers of the running programs, reached through Node's inspector: only what happens between `start` and `stop` is in the profile. */
export class Profilers {
  readonly #sessions: ReadonlyMap<string, Session>;
  readonly #folder: string;

  private constructor(sessions: ReadonlyMap<string, Session>, folder: string) {
    this.#sessions = sessions;
    this.#folder = folder;
  }

  /** The platform has to be started with {@link INSPECTABLE}. */
  static async attach({ pids, dataDir }: System, folder: string): Promise<Profilers> {
    const sessions = new Map<string, Session>();
    for (const name of PROFILED) {
      const log = path.join(dataDir, 'logs', `${name}.log`);
      const address = () => LISTENING.exec(readFileSync(log, 'utf8'))?.[1];
      if (address() === undefined) process.kill(pids[name] ?? 0, 'SIGUSR1');
      const url = await until(`the inspector of ${name} listens`, address, { withinMs: 10_000 });
      sessions.set(name, await Session.open(url));
    }
    return new Profilers(sessions, folder);
  }

  async start(): Promise<void> {
    for (const session of this.#sessions.values()) {
      await session.call('Profiler.enable');
      await session.call('Profiler.setSamplingInterval', { interval: 500 });
      await session.call('Profiler.start');
    }
  }

  /** Writes `<folder>/<label>-<process>.cpuprofile`. */
  async stop(label: string): Promise<void> {
    mkdirSync(this.#folder, { recursive: true });
    for (const [name, session] of this.#sessions) {
      const { profile } = await session.call<{ profile: unknown }>('Profiler.stop');
      writeFileSync(path.join(this.#folder, `${label}-${name}.cpuprofile`), JSON.stringify(profile));
      session.close();
    }
  }
}

/** One connection to an inspector. */
class Session {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (result: unknown) => void>();
  #calls = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      const { id, result } = JSON.parse(String(data)) as { id?: number; result?: unknown };
      if (id !== undefined) this.#waiting.get(id)?.(result);
    });
  }

  static async open(url: string): Promise<Session> {
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve, { once: true });
      socket.addEventListener('error', () => reject(new Error(`no inspector at ${url}`)), { once: true });
    });
    return new Session(socket);
  }

  call<Result>(method: string, params: object = {}): Promise<Result> {
    const id = ++this.#calls;
    this.#socket.send(JSON.stringify({ id, method, params }));
    return new Promise((resolve) => {
      this.#waiting.set(id, (result) => resolve(result as Result));
    });
  }

  close(): void {
    this.#socket.close();
  }
}
