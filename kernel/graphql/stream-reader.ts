import { setTimeout as delay } from 'node:timers/promises';
import { type JetStreamManager, type JsMsg, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Logger } from 'pino';
import type { Received } from '../domain/index.ts';
import type { Position } from './position.ts';
import { StreamSession } from './stream-session.ts';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

export interface StreamReaderOptions {
  readonly connection: NatsConnection;
  readonly stream: string;
  readonly decode: (message: JsMsg) => Received | null;
  readonly log: Logger;
}

export interface ReadOptions {
  /** null: from now on. */
  readonly from: Position | null;
  /**
   * The stream does not hold the position any more. What follows begins at this one, some time before what was read last: whoever has seen events is to
   * leave them out.
   */
  readonly lost: (at: Position) => void;
}

/** A message of the stream; `event` is null for what is none of ours. */
export interface StreamItem {
  readonly position: Position;
  readonly event: Received | null;
}

/**
 * Reads a stream in order, without end: after a broker's restart, a lost connection or a lost message it goes on behind the last message that it gave.
 * Memory is bounded: it reads ahead no more than a batch.
 */
export class StreamReader {
  readonly #options: StreamReaderOptions;
  readonly #closing = new AbortController();
  #position: Position | null;
  readonly #lost: (at: Position) => void;
  #session: StreamSession | null = null;
  #wake = new AbortController();

  constructor(options: StreamReaderOptions, { from, lost }: ReadOptions) {
    this.#options = options;
    this.#position = from;
    this.#lost = lost;
  }

  /** Resolves once reading has really begun, with the position before the first message. Tries until it succeeds; null when closed meanwhile. */
  async start(): Promise<Position | null> {
    for (let pause = FIRST_PAUSE_MS; !this.#closing.signal.aborted; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      try {
        const { connection, stream } = this.#options;
        const session = await StreamSession.open(connection, await managerOf(connection), stream, this.#position);
        const { lost, ...position } = session.place;
        if (lost) this.#lost(position);
        this.#position = position;
        if (this.#closing.signal.aborted) session.end();
        else this.#session = session;
        return this.#closing.signal.aborted ? null : position;
      } catch (error) {
        this.#options.log.debug({ err: error, stream: this.#options.stream }, 'the stream cannot be read yet');
        await this.#pause(pause);
      }
    }
    return null;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<StreamItem> {
    while (this.#session !== null || (await this.start()) !== null) {
      const session: StreamSession | null = this.#session;
      if (session === null) return;
      let read = 0;
      try {
        for await (const message of session) {
          read++;
          yield this.#item(message, session.place.epoch);
          if (this.#closing.signal.aborted) return;
        }
      } catch (error) {
        this.#options.log.warn({ err: error, stream: this.#options.stream }, 'reading the stream was interrupted');
      }
      this.#session = null;
      if (read === 0) await this.#pause(FIRST_PAUSE_MS);
    }
  }

  /** The connection is back: read on with a new consumer, the old one may be gone. */
  restart(): void {
    this.#wake.abort();
    this.#session?.end();
  }

  close(): void {
    this.#closing.abort();
    this.#session?.end();
  }

  async #pause(ms: number): Promise<void> {
    this.#wake = new AbortController();
    await delay(ms, undefined, { signal: AbortSignal.any([this.#closing.signal, this.#wake.signal]), ref: false }).catch(() => {});
  }

  #item(message: JsMsg, epoch: string): StreamItem {
    const event = this.#decoded(message);
    const eventId = event?.id ?? message.headers?.get('ce-id') ?? '';
    const position = { epoch, sequence: message.seq, time: event?.time.getTime() ?? this.#position?.time ?? 0, eventId };
    this.#position = position;
    return { position, event };
  }

  #decoded(message: JsMsg): Received | null {
    try {
      return this.#options.decode(message);
    } catch (error) {
      this.#options.log.warn({ err: error, subject: message.subject, sequence: message.seq }, 'a message of the stream is no event');
      return null;
    }
  }
}

const managers = new WeakMap<NatsConnection, JetStreamManager>();

/** The manager of a connection; asks the server nothing. */
export async function managerOf(connection: NatsConnection): Promise<JetStreamManager> {
  const known = managers.get(connection);
  if (known) return known;
  const manager = await jetstreamManager(connection, { checkAPI: false });
  managers.set(connection, manager);
  return manager;
}
