import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { Logger } from 'pino';
import { type Names, names } from './names.ts';

export interface BrokerOptions {
  readonly url: string;
  readonly prefix?: string;
  /** Shown in the server's connection list. */
  readonly name: string;
  /** Copies of each stream in a cluster; 1 on a single server. */
  readonly replicas?: number;
  readonly log: Logger;
}

const MINUTE = 60_000_000_000;

/** The connection to nats-server; it comes back by itself, however long the server is gone. */
export class Broker {
  readonly names: Names;
  readonly connection: NatsConnection;
  readonly js: JetStreamClient;
  readonly #manager: Promise<JetStreamManager>;
  readonly #replicas: number;

  private constructor(connection: NatsConnection, options: BrokerOptions) {
    this.connection = connection;
    this.names = names(options.prefix);
    this.js = jetstream(connection, { timeout: 5_000 });
    this.#manager = jetstreamManager(connection, { checkAPI: false, timeout: 5_000 });
    this.#replicas = options.replicas ?? 1;
    void this.#watch(options.log);
  }

  /** Waits for as long as the server is not there; `signal` gives up. */
  static async open(options: BrokerOptions, signal?: AbortSignal): Promise<Broker> {
    for (;;) {
      signal?.throwIfAborted();
      try {
        const connection = await connect({
          servers: options.url,
          name: options.name,
          maxReconnectAttempts: -1,
          reconnectTimeWait: 250,
          reconnectJitter: 250,
          pingInterval: 10_000,
          maxPingOut: 2,
          timeout: 3_000,
          // Otherwise each publish makes an Error for its stack, whether it fails or not.
          noAsyncTraces: true,
        });
        return new Broker(connection, options);
      } catch (error) {
        options.log.warn({ err: error }, 'nats-server cannot be reached yet');
        await new Promise((next) => setTimeout(next, 500));
      }
    }
  }

  get connected(): boolean {
    return this.#up && !this.connection.isClosed();
  }
  #up = true;

  /** Aborted when the connection is lost: what was asked and not answered by then will not be answered. A fresh one once it is back. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }
  #lost = new AbortController();

  async #watch(log: Logger): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === 'disconnect') {
        this.#up = false;
        this.#lost.abort(new Error('the connection to nats-server was lost'));
        log.warn('the connection to nats-server was lost');
      } else if (status.type === 'reconnect') {
        this.#up = true;
        this.#lost = new AbortController();
        log.info('connected to nats-server again');
      }
    }
  }

  manager(): Promise<JetStreamManager> {
    return this.#manager;
  }

  /** Makes the stream of a context if it is not there, with the same settings whoever comes first. */
  async ensureStream(context: string): Promise<string> {
    return this.#ensure(this.names.stream(context), [this.names.subjects(context)]);
  }

  async ensureDeadLetters(): Promise<string> {
    return this.#ensure(this.names.deadLetters, [this.names.subject('dead-letters.>'), this.names.subject('retries.>')]);
  }

  async #ensure(name: string, subjects: string[]): Promise<string> {
    const jsm = await this.#manager;
    const settings = { name, subjects, num_replicas: this.#replicas, duplicate_window: 2 * MINUTE, allow_direct: true };
    try {
      await jsm.streams.add(settings);
    } catch (error) {
      const known = await jsm.streams.info(name).catch(() => null);
      if (known === null) throw error;
    }
    return name;
  }

  async close(): Promise<void> {
    await this.connection.close();
  }
}
