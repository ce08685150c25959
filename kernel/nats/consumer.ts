import { AckPolicy, type ConsumerMessages, DeliverPolicy, type JsMsg } from '@nats-io/jetstream';
import type { Logger } from 'pino';
import type { Broker } from './broker.ts';

export interface ConsumerOptions {
  readonly broker: Broker;
  /** The stream that is read, made already. */
  readonly stream: string;
  /** Shared by the replicas of a context: they share the work. */
  readonly durable: string;
  /** One subject with wildcards; the whole stream without it. */
  readonly filter?: string;
  readonly log: Logger;
  /** Makes the stream again when the broker has lost it. */
  readonly ensure: () => Promise<unknown>;
  /** Takes a message; acknowledges it itself, after its commit. Must not throw. */
  readonly take: (message: JsMsg) => void;
  /** Milliseconds of silence after which a message goes to another replica. @default 30 s */
  readonly ackWaitMs?: number;
}

/** Most messages that one durable has on their way to its replicas. */
const MAX_PENDING = 1_024;

/**
 * A durable pull consumer that does not stall: whatever ends or silences the delivery (restart of the broker, lost connection, deleted
 * consumer), it is set up again.
 */
export class Consumer {
  readonly #options: ConsumerOptions;
  #messages: ConsumerMessages | null = null;
  #stopped = false;
  #running: Promise<void> = Promise.resolve();

  constructor(options: ConsumerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Takes no further message. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#messages?.stop();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { log, take, stream } = this.#options;
    while (!this.#stopped) {
      try {
        const messages = await this.#open();
        this.#messages = messages;
        if (this.#stopped) messages.stop();
        void this.#watch(messages);
        for await (const message of messages) take(message);
      } catch (error) {
        if (!this.#stopped) log.warn({ err: error, stream }, 'reading events failed; it is set up again');
      }
      if (!this.#stopped) await new Promise((next) => setTimeout(next, 250));
    }
  }

  async #open(): Promise<ConsumerMessages> {
    const { broker, stream, durable, filter, ensure, ackWaitMs = 30_000 } = this.#options;
    await ensure();
    const jsm = await broker.manager();
    const settings = {
      durable_name: durable,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      ack_wait: ackWaitMs * 1_000_000,
      max_ack_pending: MAX_PENDING,
      ...(filter === undefined ? {} : { filter_subject: filter }),
    };
    // One that an earlier version made reads on from where it is, with what this version wants to read.
    await jsm.consumers.add(stream, settings).catch(() => jsm.consumers.update(stream, durable, settings));
    const consumer = await broker.js.consumers.get(stream, durable);
    return consumer.consume({ max_messages: 256, expires: 10_000, idle_heartbeat: 2_000 });
  }

  async #watch(messages: ConsumerMessages): Promise<void> {
    for await (const status of messages.status()) {
      const stalled =
        status.type === 'consumer_not_found' ||
        status.type === 'stream_not_found' ||
        status.type === 'consumer_deleted' ||
        (status.type === 'heartbeats_missed' && status.count >= 2);
      if (stalled && !this.#stopped) messages.stop();
    }
  }
}
