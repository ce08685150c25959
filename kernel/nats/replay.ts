import { AckPolicy, type Consumer, DeliverPolicy, JetStreamApiCodes, JetStreamApiError, type JsMsg } from '@nats-io/jetstream';
import type { Broker } from './broker.ts';

/** What a stream holds. */
export interface Extent {
  /** Sequences of its first and last message; 0 for a stream that is not there. */
  readonly first: number;
  readonly last: number;
  readonly messages: number;
}

/** How far a context is with a stream. */
export interface Progress {
  /** Everything up to this sequence is done with. */
  readonly done: number;
  /** Nothing after this sequence has been handed to it. */
  readonly delivered: number;
}

const { ConsumerNotFound, StreamNotFound } = JetStreamApiCodes;
const isMissing = (error: unknown, ...what: number[]): boolean => error instanceof JetStreamApiError && what.includes(error.code);

/** What the stream of a context holds. */
export async function extentOf(broker: Broker, source: string): Promise<Extent> {
  try {
    const { state } = await (await broker.manager()).streams.info(broker.names.stream(source));
    return { first: state.first_seq, last: state.last_seq, messages: state.messages };
  } catch (error) {
    if (isMissing(error, StreamNotFound)) return { first: 0, last: 0, messages: 0 };
    throw error;
  }
}

/** How far a consuming context is with the stream of another one; at its beginning when it has never read it. */
export async function progressOf(broker: Broker, context: string, source: string): Promise<Progress> {
  try {
    const { ack_floor, delivered } = await (await broker.manager()).consumers.info(broker.names.stream(source), context);
    return { done: ack_floor.stream_seq, delivered: delivered.stream_seq };
  } catch (error) {
    if (isMissing(error, ConsumerNotFound, StreamNotFound)) return { done: 0, delivered: 0 };
    throw error;
  }
}

/** How long a broker that does not answer is waited for, ms. */
const PATIENCE_MS = 60_000;
const FORGOTTEN_AFTER_NS = 300_000_000_000;

/** Reads a stream once more from its first message, beside the consumers that work on it and without their notice. */
export class Replay {
  readonly #broker: Broker;
  readonly #stream: string;
  #consumer: Consumer | null = null;
  #pending = 0;
  #position = 0;

  /** @param source the context whose stream it is */
  constructor(broker: Broker, source: string) {
    this.#broker = broker;
    this.#stream = broker.names.stream(source);
  }

  /** The sequence of the last message that was read. */
  get position(): number {
    return this.#position;
  }

  /**
   * The next messages, at most so many; none when it has come to the end. It survives a restart of the broker.
   * @throws the broker's error when it stays away
   */
  async read(most: number, signal?: AbortSignal): Promise<JsMsg[]> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      signal?.throwIfAborted();
      try {
        return await this.#read(most);
      } catch (error) {
        this.#consumer = null;
        if (isMissing(error, StreamNotFound)) return [];
        if (Date.now() > deadline) throw error;
        await new Promise((next) => setTimeout(next, 250));
      }
    }
  }

  async close(): Promise<void> {
    await this.#consumer?.delete().catch(() => {});
    this.#consumer = null;
  }

  async #read(most: number): Promise<JsMsg[]> {
    const consumer = this.#consumer ?? (await this.#open());
    this.#consumer = consumer;
    if (this.#pending === 0) this.#pending = (await consumer.info()).num_pending;
    const wanted = Math.min(most, this.#pending);
    if (wanted === 0) return [];
    const messages: JsMsg[] = [];
    for await (const message of await consumer.fetch({ max_messages: wanted, expires: 5_000 })) {
      messages.push(message);
      this.#position = message.seq;
      this.#pending = message.info.pending;
    }
    // Fewer than there are: the broker has lost the consumer. A new one goes on after the last message.
    if (messages.length < wanted) this.#consumer = null;
    if (messages.length === 0) throw new Error(`${this.#stream} does not answer`);
    return messages;
  }

  async #open(): Promise<Consumer> {
    const jsm = await this.#broker.manager();
    const { name, num_pending } = await jsm.consumers.add(this.#stream, {
      ack_policy: AckPolicy.None,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: this.#position + 1,
      inactive_threshold: FORGOTTEN_AFTER_NS,
      mem_storage: true,
    });
    this.#pending = num_pending;
    return this.#broker.js.consumers.get(this.#stream, name);
  }
}
