import { setImmediate as nextTurn } from 'node:timers/promises';
import { within } from '@madang/kernel/observability';
import type { ExecutionResult } from 'graphql';
import type { RequestContext } from '../../context.ts';
import { asGraphQLError, schemaChanged } from '../../errors.ts';
import type { Show } from '../../show.ts';
import type { Result } from '../engine.ts';
import type { Resumable, Subscribed } from './resumable.ts';
import { type Ending, Source, type SourceOptions } from './source.ts';
import type { Delivery, Subscription } from './subscription.ts';

export interface SharedOptions extends SourceOptions {
  readonly show: Show;
  /** Nobody is left, or it is over. */
  readonly over: () => void;
}

/** An event, and the plan by which it was asked for. */
interface Waiting {
  readonly event: ExecutionResult;
  readonly cursor: string | undefined;
  readonly operation: Subscribed;
}

/** Subscribers that are told before everything else gets its turn: some milliseconds. */
const TOLD_AT_ONCE = 500;

/** Results that are remembered for those who were away for a moment. */
const REMEMBERED = 32;

/**
 * One operation at a subgraph and one execution of the rest of the plan for each of its events, for everybody who asks the same with the same rights.
 */
export class SharedSubscription {
  readonly #options: Omit<SharedOptions, 'operation'>;
  readonly #source: Source;
  readonly #gone = new AbortController();
  readonly #subscribers = new Set<Subscription>();
  readonly #waiting: Waiting[] = [];
  readonly #remembered: Delivery[] = [];
  /** The cursor before the first of the remembered ones. */
  #rememberedAfter: string | undefined;
  #last: string | undefined;
  /** Whether it tells what happens now, and nothing that was. */
  #live: boolean;
  #told = false;
  #operation: Subscribed;
  #working = false;
  #ending: { readonly why: Ending | null } | undefined;

  readonly #perTurn: number;

  constructor(options: SharedOptions) {
    // Its first operation is not kept: with it would be the engine that made it, after any number of others.
    const { operation, ...others } = options;
    this.#options = others;
    this.#perTurn = Math.max(1, Math.floor(options.limits.queuedResults / 4));
    const { resumable, variables, context } = options;
    this.#operation = operation;
    this.#rememberedAfter = resumable?.begin(variables);
    this.#last = this.#rememberedAfter;
    this.#live = this.#rememberedAfter === undefined;
    this.#source = new Source(
      { ...options, context: { ...context, signal: this.#gone.signal } },
      {
        event: (event, cursor) => this.#take(event, cursor),
        position: (cursor) => this.#move(cursor),
        ended: (why) => this.#endSoon(why),
        resuming: () => (this.#live = false),
      },
    );
  }

  /**
   * Lets a subscriber in, if it misses nothing here that it would get alone, and gets nothing that it would not get. `after`: what it has seen already.
   * What can not be resumed may begin with something that is only told once, so nobody comes in after that.
   */
  join(subscriber: Subscription, after: string | undefined): boolean {
    if (this.#ending) return false;
    if (after === undefined) {
      if (!this.#live || (this.#told && !this.#options.resumable)) return false;
      subscriber.beginAfter(this.#last);
    } else {
      const missed = this.#missed(after);
      if (!missed) return false;
      subscriber.beginAfter(after);
      for (const delivery of missed) subscriber.put(delivery);
    }
    this.#subscribers.add(subscriber);
    return true;
  }

  /** What was told after the cursor; undefined where that is not known any more. */
  #missed(after: string): readonly Delivery[] | undefined {
    if (after === this.#last) return [];
    if (after === this.#rememberedAfter) return this.#remembered;
    const at = this.#remembered.findIndex(({ cursor }) => cursor === after);
    return at < 0 ? undefined : this.#remembered.slice(at + 1);
  }

  leave(subscriber: Subscription): void {
    this.#subscribers.delete(subscriber);
    if (this.#subscribers.size === 0) this.#close();
  }

  /** The schema has changed: it goes on as `operation`, or ends where that is none. */
  replan(operation: Subscribed | null, resumable: Resumable | null): void {
    if (this.#ending) return;
    if (operation) {
      this.#operation = operation;
      this.#source.replan(operation, resumable);
    } else {
      this.#source.close();
      this.#endSoon(schemaChanged);
    }
  }

  /** In whose name. */
  get context(): RequestContext {
    return this.#options.context;
  }

  /** What it carries out. */
  get operation(): Subscribed {
    return this.#operation;
  }

  #take(event: ExecutionResult, cursor: string | undefined): boolean {
    if (this.#waiting.length >= this.#options.limits.queuedResults) return false;
    this.#told = true;
    this.#waiting.push({ event, cursor, operation: this.#operation });
    if (!this.#working) void this.#work();
    return true;
  }

  #move(cursor: string): void {
    // What comes before it is still to be handed on.
    if (this.#working || this.#ending) return;
    if (this.#remembered.length === 0) this.#rememberedAfter = cursor;
    this.#last = cursor;
    for (const subscriber of this.#subscribers) subscriber.moved(cursor);
  }

  /** Fills several events in at once, and hands them on one after the other. */
  async #work(): Promise<void> {
    this.#working = true;
    const begun: { readonly result: Promise<Result>; readonly cursor: string | undefined }[] = [];
    let done = 0;
    for (;;) {
      while (begun.length < this.#options.limits.eventsAtOnce) {
        const event = this.#waiting.shift();
        if (event === undefined) break;
        begun.push({ result: this.#complete(event), cursor: event.cursor });
      }
      const next = begun.shift();
      if (next === undefined) break;
      await this.#deliver({ result: await next.result, cursor: next.cursor });
      // Those who read fast get to read before their queues are full.
      if (++done % this.#perTurn === 0) await nextTurn();
      if (this.#waiting.length === 0) this.#source.resume();
    }
    this.#working = false;
    if (this.#ending) this.#end(this.#ending.why);
  }

  async #complete({ event, operation }: Waiting): Promise<Result> {
    const { engine, variables, context, show } = this.#options;
    // One for all subscribers, in the name of whoever began it.
    const push = context.watch?.push(operation.source.subgraph, event.extensions);
    const result = await engine
      .complete(operation, event, variables, within({ ...context, signal: this.#gone.signal }, push))
      .catch((error: unknown): Result => ({ errors: [asGraphQLError(error)] }));
    push?.end();
    if (!result.errors) return result;
    return { ...result, errors: result.errors.map((error) => show(error, context.correlationId, operation.name)) };
  }

  /** Who comes in meanwhile comes in after this one. */
  async #deliver(delivery: Delivery): Promise<void> {
    this.#last = delivery.cursor ?? this.#last;
    if (delivery.cursor !== undefined) this.#remember(delivery);
    let told = 0;
    for (const subscriber of [...this.#subscribers]) {
      if (told > 0 && told % TOLD_AT_ONCE === 0) await nextTurn();
      subscriber.put(delivery);
      told++;
    }
  }

  #remember(delivery: Delivery): void {
    this.#remembered.push(delivery);
    const most = Math.min(REMEMBERED, this.#options.limits.queuedResults);
    if (this.#remembered.length > most) this.#rememberedAfter = this.#remembered.shift()?.cursor;
  }

  #endSoon(why: Ending | null): void {
    this.#ending ??= { why };
    if (!this.#working) this.#end(why);
  }

  #end(why: Ending | null): void {
    for (const subscriber of [...this.#subscribers]) {
      if (why) subscriber.fail(why);
      else subscriber.complete();
    }
    this.#close();
  }

  #close(): void {
    this.#ending ??= { why: null };
    this.#source.close();
    this.#gone.abort();
    this.#waiting.length = 0;
    this.#subscribers.clear();
    this.#options.over();
  }
}
