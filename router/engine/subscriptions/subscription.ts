import type { GraphQLError } from 'graphql';
import type { Watch } from '../../watch.ts';
import type { Result } from '../engine.ts';
import type { Ending } from './source.ts';

/** A result for a subscriber, and where it is in the events. */
export interface Delivery {
  readonly result: Result;
  readonly cursor: string | undefined;
  /** It only tells where the subscription is. */
  readonly position?: boolean;
}

/** Who gets a subscription's results: the first as soon as {@link Subscription.read} is called. */
export interface Reader {
  /** Takes a result. False: no more, until {@link Subscription.goOn}. */
  next(result: Result): boolean;
  /** It is over, for a reason or by the subgraph's own `complete`. Called once, as the last; not after {@link Subscription.leave}. */
  ended(why: GraphQLError | undefined): void;
  /** The client has left. */
  left?(): void;
}

/** What all subscriptions to a subgraph have in common. */
export interface SubscriptionTerms {
  readonly subgraph: string;
  /** How many results may wait for the reader. */
  readonly queuedResults: number;
  /** What ends it when there are more. */
  readonly tooSlow: Ending;
  /** A result was handed on. */
  handed(): void;
  /** It is over: with a code, where it is not the client that left or the subgraph that completed it. Called once for each. */
  over(subscription: Subscription, code: string | undefined): void;
}

/** One client's subscription. What its reader does not take waits, up to a limit. */
export class Subscription {
  /** Whom it counts for. */
  readonly client: string;
  /** What gives it its results. */
  source: { leave(subscription: Subscription): void } | undefined;
  readonly #terms: SubscriptionTerms;
  readonly #watch: Watch | undefined;
  /** Whether the client wants to be told where it is. */
  readonly #tellsPosition: boolean;
  #reader: Reader | undefined;
  #ready = false;
  /** There for as long as something waits: most subscriptions wait for events, not events for them. */
  #waiting: Delivery[] | undefined;
  #over = false;
  #left = false;
  #why: Ending | undefined;
  /** After which it goes on: of the last result handed on, or where it began. */
  #cursor: string | undefined;

  constructor(client: string, terms: SubscriptionTerms, watch: Watch | undefined, tellsPosition: boolean) {
    this.client = client;
    this.#terms = terms;
    this.#watch = watch;
    this.#tellsPosition = tellsPosition;
  }

  /** Begins to hand results on. */
  read(reader: Reader): void {
    this.#reader = reader;
    this.goOn();
  }

  /** The reader takes results again. */
  goOn(): void {
    if (!this.#reader || this.#left) return;
    this.#ready = true;
    while (this.#ready) {
      const delivery = this.#waiting?.shift();
      if (!delivery) {
        this.#waiting = undefined;
        if (this.#over) this.#end();
        return;
      }
      this.#hand(delivery, this.#reader);
    }
  }

  /** Where it begins, where that is known. */
  beginAfter(cursor: string | undefined): void {
    if (cursor !== undefined) this.moved(cursor);
  }

  /** There is nothing up to this cursor that it has not been given. */
  moved(cursor: string): void {
    if (this.#waiting || this.#over || cursor === this.#cursor) return;
    this.#cursor = cursor;
    if (this.#tellsPosition) this.put({ result: { data: null, extensions: { position: cursor } }, cursor, position: true });
  }

  /** Takes a result; a subscriber with too many of them unread is cut off. */
  put(delivery: Delivery): void {
    if (this.#over) return;
    if (this.#ready && this.#reader) return void this.#hand(delivery, this.#reader);
    this.#waiting ??= [];
    if (this.#waiting.length < this.#terms.queuedResults) this.#waiting.push(delivery);
    else this.fail(this.#terms.tooSlow, true);
  }

  /** The subgraph has no more: it ends after the results that wait. */
  complete(): void {
    this.#finish(false, undefined, undefined);
  }

  /** Ends it with an error: after the results that wait, or at once (`now`). */
  fail(why: Ending, now = false): void {
    this.#finish(now, why, String(why(undefined).extensions.code ?? 'unknown'));
  }

  /** The client wants no more: its reader is told nothing any more. */
  leave(): void {
    this.#left = true;
    this.#waiting = undefined;
    this.#finish(true, undefined, undefined);
    this.#reader?.left?.();
    this.#reader = undefined;
  }

  #hand(delivery: Delivery, reader: Reader): void {
    this.#cursor = delivery.cursor ?? this.#cursor;
    if (!delivery.position) {
      this.#terms.handed();
      this.#watch?.told(this.#terms.subgraph);
    }
    if (!reader.next(delivery.result)) this.#ready = false;
  }

  #finish(now: boolean, why: Ending | undefined, code: string | undefined): void {
    if (this.#over) return;
    this.#over = true;
    this.#why = why;
    if (now) this.#waiting = undefined;
    this.#terms.over(this, code);
    if (this.#ready && !this.#waiting) this.#end();
  }

  #end(): void {
    const reader = this.#reader;
    this.#reader = undefined;
    if (!this.#left) reader?.ended(this.#why?.(this.#cursor));
  }
}

/** Hands results on one after the other, each when the one before is away. Resolves at the end, or when the client has left. @throws GraphQLError why it ended, where it is not complete */
export function eachOf(subscription: Subscription, tell: (result: Result) => Promise<void>): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  subscription.read({
    next(result) {
      tell(result).then(() => subscription.goOn(), reject);
      return false;
    },
    ended: (why) => (why ? reject(why) : resolve()),
    left: resolve,
  });
  return promise;
}
