import path from 'node:path';
import type { Daemon } from '../../tools/servers/daemon.ts';
import { startNats } from '../../tools/servers/nats.ts';
import { freePort } from '../../tools/servers/ports.ts';
import { startPostgres } from '../../tools/servers/postgres.ts';
import { type TemporaryFolder, temporaryFolder } from '../../tools/servers/temporary.ts';

/** A server that a test may kill and start again: the port, the url and the data stay the same. */
export class OwnServer {
  readonly url: string;
  readonly #start: () => Promise<Daemon & { url: string }>;
  readonly #folder: TemporaryFolder;
  #running: Daemon;

  constructor(running: Daemon & { url: string }, start: () => Promise<Daemon & { url: string }>, folder: TemporaryFolder) {
    this.url = running.url;
    this.#running = running;
    this.#start = start;
    this.#folder = folder;
  }

  get pid(): number {
    return this.#running.pid;
  }

  /** Kills it on the spot, as a crash would. Resolves when the process is gone. */
  async kill(): Promise<void> {
    process.kill(this.#running.pid, 'SIGKILL');
    await this.#running.exited;
  }

  /** In good order; the data stays for a `start`. */
  async stop(): Promise<void> {
    await this.#running.stop();
  }

  /** After a `kill` or a `stop`. Resolves when it serves again. */
  async start(): Promise<void> {
    this.#running = await this.#start();
  }

  /** Stops it, if it runs, and removes its data. For `afterAll`. */
  async remove(): Promise<void> {
    await this.#running.stop();
    this.#folder.remove();
  }
}

/** A PostgreSQL of the test's own, with no database but `postgres`: `ensureDatabase` or `migrate` of tools make more. */
export function startOwnPostgres(): Promise<OwnServer> {
  return startOwn((dataDir, port) => startPostgres({ dataDir, port, fsync: false, auth: 'trust' }));
}

/** A nats-server of the test's own, with JetStream in files. */
export function startOwnNats(): Promise<OwnServer> {
  return startOwn((dataDir, port) => startNats({ dataDir, port }));
}

async function startOwn(start: (dataDir: string, port: number) => Promise<Daemon & { url: string }>): Promise<OwnServer> {
  const folder = temporaryFolder();
  const port = await freePort();
  const again = () => start(path.join(folder.path, 'data'), port);
  return new OwnServer(await again(), again, folder);
}
