import { type Received, Refused } from '../domain/index.ts';
import { cursorOf, type Position } from './position.ts';
import { Progress, type Progressing } from './progress.ts';
import { StreamReader, type StreamReaderOptions } from './stream-reader.ts';

export interface SubscriberOptions<Payload> {
  readonly types: ReadonlySet<string>;
  readonly queueSize: number;
  when(event: Received): boolean;
  as(event: Received, cursor: string): Payload;
  /** Takes the subscriber into the fan-out if that has come no further than the position. */
  join(subscriber: Subscriber<Payload>, at: Position): boolean;
  leave(subscriber: Subscriber<Payload>, why: 'left' | 'slow' | 'closed' | 'failed'): void;
}

/** One subscription: first what it missed, read from the stream at its own pace; then what is fanned out, from a bounded queue. */
export class Subscriber<Payload> {
  readonly types: ReadonlySet<string>;
  readonly #options: SubscriberOptions<Payload>;
  readonly #stream: StreamReaderOptions;
  readonly #queue: { readonly event: Received; readonly position: Position }[] = [];
  /** Behind which the reader goes on, should it come again. */
  #delivered: Position;
  /** Up to which the fan-out is to be left out. */
  #from: Position;
  /** The last event that was taken, queued or delivered. */
  #taken: Position;
  /** What had been taken when the stream was lost: events before it are known. */
  #known: Position | null = null;
  #replay: StreamReader | null = null;
  #ended: { readonly error: unknown } | null = null;
  #tellsProgress = false;
  /** How far the fan-out has come, where that is to be told. */
  #reached: Position | null = null;
  #wake = () => {};

  constructor(stream: StreamReaderOptions, from: Position, options: SubscriberOptions<Payload>) {
    this.#stream = stream;
    this.#options = options;
    this.types = options.types;
    this.#delivered = from;
    this.#from = from;
    this.#taken = from;
  }

  /** Fan-out begins behind this position; what was queued up to it is dropped. */
  beginAt(position: Position): void {
    this.#delivered = position;
    this.#from = position;
    this.#taken = position;
    const later = this.#queue.filter((item) => item.position.sequence > position.sequence);
    this.#queue.splice(0, this.#queue.length, ...later);
  }

  /** The stream was made anew, or lost its end: its sequence is no measure any more, events known by their time are left out. */
  beginAnew(): void {
    this.#from = { ...this.#from, sequence: 0 };
    this.#known = this.#taken;
  }

  /** Reads what came after the position first. Resolves once reading has begun. */
  async replay(): Promise<void> {
    this.#replay = new StreamReader(this.#stream, { from: this.#from, lost: () => this.beginAnew() });
    const begun = await this.#replay.start();
    if (begun !== null) this.#joinAt(begun);
  }

  /** The connection is back. */
  restart(): void {
    this.#replay?.restart();
  }

  /** An event of the fan-out. */
  offer(event: Received, position: Position): void {
    if (this.#ended || (position.epoch === this.#from.epoch && position.sequence <= this.#from.sequence) || !this.#wants(event)) return;
    if (this.#queue.length < this.#options.queueSize) {
      this.#taken = position;
      this.#queue.push({ event, position });
      this.#wake();
    } else {
      this.#end('slow', this.#cutOff('SLOW_CONSUMER', 'Events come faster than they are read.'));
    }
  }

  /** The fan-out has come to this position. */
  reached(position: Position): void {
    if (!this.#tellsProgress || this.#replay || this.#known || position.epoch !== this.#from.epoch) return;
    if (position.sequence <= Math.max(this.#from.sequence, this.#delivered.sequence)) return;
    this.#reached = position;
    this.#wake();
  }

  /** The reader left, or never came. */
  leave(): void {
    this.#end('left', null);
  }

  /** Ends it: the reader is told where to go on. */
  goAway(): void {
    this.#end('closed', this.#cutOff('GOING_AWAY', 'This server stops; subscribe again.'));
  }

  events(): Progressing<Payload> {
    const events = this.#run();
    const leave = async (): Promise<IteratorResult<Payload, undefined>> => {
      this.leave();
      await events.return(undefined);
      return { done: true, value: undefined };
    };
    return {
      async next() {
        for (;;) {
          const { value } = await events.next();
          if (value === undefined) return { done: true, value };
          if (!(value instanceof Progress)) return { done: false, value };
        }
      },
      return: leave,
      withProgress: () => {
        this.#tellsProgress = true;
        return { next: () => events.next(), return: leave };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  async *#run(): AsyncGenerator<Payload | Progress, undefined> {
    try {
      if (this.#tellsProgress) yield this.#progress(this.#delivered);
      if (this.#replay) for await (const item of this.#missed(this.#replay)) yield this.#payload(item.event, item.position);
      while (!this.#ended) {
        const next = this.#queue.shift();
        const reached = next ? null : this.#reached;
        if (next) yield this.#payload(next.event, next.position);
        else if (reached) {
          this.#reached = null;
          if (reached.sequence > this.#delivered.sequence) yield this.#progress(reached);
        } else await this.#woken();
      }
    } catch (error) {
      this.#end('failed', error);
    }
    if (this.#ended?.error) throw this.#ended.error;
  }

  async *#missed(replay: StreamReader): AsyncGenerator<{ event: Received; position: Position }> {
    for await (const { event, position } of replay) {
      if (this.#ended) return;
      if (event && this.#wants(event)) {
        this.#taken = position;
        yield { event, position };
      }
      if (this.#ended || this.#joinAt(position)) return;
    }
  }

  #woken(): Promise<void> {
    return new Promise((wake) => {
      this.#wake = wake;
    });
  }

  #joinAt(position: Position): boolean {
    if (!this.#options.join(this, position)) return false;
    this.#from = position;
    this.#replay?.close();
    this.#replay = null;
    this.reached(position);
    return true;
  }

  #payload(event: Received, position: Position): Payload {
    this.#delivered = position;
    return this.#options.as(event, cursorOf(this.#stream.stream, position));
  }

  #progress(position: Position): Progress {
    this.#delivered = position;
    return new Progress(cursorOf(this.#stream.stream, position));
  }

  #wants(event: Received): boolean {
    if (!this.types.has(event.name)) return false;
    if (this.#known && (event.time.getTime() < this.#known.time || event.id === this.#known.eventId)) return false;
    try {
      return this.#options.when(event);
    } catch (error) {
      this.#end('failed', error);
      return false;
    }
  }

  #cutOff(code: string, message: string): Refused {
    return new Refused(code, message, { resumeAfter: cursorOf(this.#stream.stream, this.#delivered), retryAfterSeconds: 1 });
  }

  #end(why: Parameters<SubscriberOptions<Payload>['leave']>[1], error: unknown): void {
    if (this.#ended) return;
    this.#ended = { error };
    this.#queue.length = 0;
    this.#replay?.close();
    this.#options.leave(this, why);
    this.#wake();
  }
}
