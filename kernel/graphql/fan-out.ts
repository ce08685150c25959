import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Received } from '../domain/index.ts';
import type { Position } from './position.ts';
import { StreamReader, type StreamReaderOptions } from './stream-reader.ts';

const PER_TURN = 64;

/** Whoever gets events from the fan-out. */
export interface Listener {
  readonly types: ReadonlySet<string>;
  offer(event: Received, position: Position): void;
  beginAnew(): void;
}

export interface FanOutOptions {
  /** How long reading goes on without listeners, in ms. */
  readonly lingerMs: number;
  readonly delivered: () => void;
}

/** Reads the stream once for all listeners; reads only while there are any. */
export class FanOut {
  readonly #stream: StreamReaderOptions;
  readonly #options: FanOutOptions;
  readonly #listeners = new Set<Listener>();
  readonly #byType = new Map<string, Set<Listener>>();
  #reader: StreamReader | null = null;
  #started: Promise<Position | null> = Promise.resolve(null);
  #last: Position | null = null;
  #linger: NodeJS.Timeout | undefined;

  constructor(stream: StreamReaderOptions, options: FanOutOptions) {
    this.#stream = stream;
    this.#options = options;
  }

  /** Resolves once everything that is published from now on will be read. */
  async start(): Promise<void> {
    clearTimeout(this.#linger);
    if (this.#reader === null) {
      const reader: StreamReader = new StreamReader(this.#stream, {
        from: null,
        lost: (at) => this.#reader === reader && this.#beginAnew(at),
      });
      this.#reader = reader;
      this.#started = reader.start();
      this.#pump(reader, this.#started).catch((error) => this.#stream.log.error({ err: error }, 'the fan-out ended'));
    }
    await this.#started;
    if (this.#listeners.size === 0) this.#stopLater();
  }

  add(listener: Listener): void {
    clearTimeout(this.#linger);
    this.#listeners.add(listener);
    for (const type of listener.types) {
      const listeners = this.#byType.get(type);
      if (listeners) listeners.add(listener);
      else this.#byType.set(type, new Set([listener]));
    }
  }

  /** Adds the listener if the fan-out has come no further than the position, so that nothing is missed; false otherwise. */
  join(listener: Listener, at: Position): boolean {
    if (this.#last === null || this.#last.epoch !== at.epoch || this.#last.sequence > at.sequence) return false;
    this.add(listener);
    return true;
  }

  remove(listener: Listener): void {
    if (!this.#listeners.delete(listener)) return;
    for (const type of listener.types) this.#byType.get(type)?.delete(listener);
    if (this.#listeners.size === 0) this.#stopLater();
  }

  restart(): void {
    this.#reader?.restart();
  }

  close(): void {
    clearTimeout(this.#linger);
    this.#reader?.close();
    this.#reader = null;
    this.#last = null;
  }

  #beginAnew(at: Position): void {
    this.#last = at;
    for (const listener of this.#listeners) listener.beginAnew();
  }

  #stopLater(): void {
    clearTimeout(this.#linger);
    this.#linger = setTimeout(() => this.close(), this.#options.lingerMs).unref();
  }

  /** How far reading has come; null while nothing is read. */
  get last(): Position | null {
    return this.#last;
  }

  async #pump(reader: StreamReader, started: Promise<Position | null>): Promise<void> {
    const first = await started;
    if (this.#reader !== reader) return reader.close();
    this.#last = first;
    let read = 0;
    for await (const { position, event } of reader) {
      if (this.#reader !== reader) return;
      this.#last = position;
      this.#options.delivered();
      if (event) for (const listener of this.#byType.get(event.name) ?? []) listener.offer(event, position);
      // A burst from one read of the socket would fill the queues of those who read fast, too: let them read.
      if (++read % PER_TURN === 0) await nextTurn();
    }
  }
}
