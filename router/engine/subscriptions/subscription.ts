import type { Result } from '../engine.ts';
import { EventQueue } from './event-queue.ts';
import type { Ending } from './source.ts';

/** A result for a subscriber, and where it is in the events. */
export interface Delivery {
  readonly result: Result;
  readonly cursor: string | undefined;
}

/** What a subscription tells of itself. */
export interface SubscriptionEvents {
  /** A result was handed on. */
  handed(): void;
  /** It is over: with a code, where it is not the client that left or the subgraph that completed it. Called once. */
  over(subscription: Subscription, code: string | undefined): void;
}

/**
 * One client's subscription. Iterating it throws a GraphQLError when it ends other than by the client or the subgraph's own `complete`; `return()` releases
 * what it holds at once, also while `next()` waits.
 */
export class Subscription implements AsyncIterableIterator<Result, undefined, undefined> {
  readonly #queue: EventQueue<Delivery>;
  readonly #events: SubscriptionEvents;
  readonly #tooSlow: Ending;
  #over = false;
  #left = false;
  #why: Ending | undefined;
  /** After which it goes on: of the last result handed on, or where it began. */
  #cursor: string | undefined;

  constructor(capacity: number, tooSlow: Ending, events: SubscriptionEvents) {
    this.#queue = new EventQueue(capacity);
    this.#tooSlow = tooSlow;
    this.#events = events;
  }

  /** Where it begins, where that is known. */
  beginAfter(cursor: string | undefined): void {
    this.#cursor = cursor;
  }

  /** Takes a result; a subscriber with too many of them unread is cut off. */
  put(delivery: Delivery): void {
    if (!this.#queue.put(delivery)) this.fail(this.#tooSlow, true);
  }

  /** The subgraph has no more: it ends after the results that wait. */
  complete(): void {
    this.#finish(false, undefined);
  }

  /** Ends it with an error: after the results that wait, or at once (`now`). */
  fail(why: Ending, now = false): void {
    if (this.#over) return;
    this.#why = why;
    this.#finish(now, String(why(undefined).extensions.code ?? 'unknown'));
  }

  async next(): Promise<IteratorResult<Result, undefined>> {
    const delivery = await this.#queue.take();
    if (delivery === undefined) return this.#end();
    this.#cursor = delivery.cursor ?? this.#cursor;
    this.#events.handed();
    return { done: false, value: delivery.result };
  }

  async return(): Promise<IteratorResult<Result, undefined>> {
    this.#left = true;
    this.#finish(true, undefined);
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #end(): IteratorResult<Result, undefined> {
    const why = this.#left ? undefined : this.#why;
    this.#why = undefined;
    if (why) throw why(this.#cursor);
    return { done: true, value: undefined };
  }

  #finish(now: boolean, code: string | undefined): void {
    this.#queue.end(now);
    if (this.#over) return;
    this.#over = true;
    this.#events.over(this, code);
  }
}
