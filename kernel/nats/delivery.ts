import { type Received, Refused } from '../domain/index.ts';
import { AlreadyHandled, sql } from '../prisma/index.ts';
import { bury } from './dead-letters.ts';
import type { Handler, ReaderOptions } from './reader.ts';
import type { Message } from './wire.ts';

export type Outcome = 'done' | 'known' | 'retried' | 'buried';

/** What a delivery needs of its reader. */
export interface DeliveryOptions extends ReaderOptions {
  readonly counted: (outcome: Outcome) => void;
  /** Whether every handler is done with an earlier event. */
  readonly settled: (name: string, eventId: string) => Promise<boolean>;
}

/** How long an event waits for the one before it of the same key, which another replica may have in its hands. */
const PREDECESSOR_PATIENCE_MS = 30_000;

const backoff = (failures: number): number => Math.min(5_000, 100 * 2 ** Math.min(failures, 6)) * (0.75 + Math.random() / 2);

/** One event on its way through the handlers of a context, turn by turn. */
export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #event: Received;
  readonly #message: Message;
  readonly #left: Handler[];
  readonly #predecessor: { name: string; id: string } | undefined;
  readonly #since = Date.now();
  #turns = 0;
  #failures = 0;

  constructor(
    options: DeliveryOptions,
    event: Received,
    message: Message,
    handlers: readonly Handler[],
    predecessor?: { name: string; id: string },
  ) {
    this.#options = options;
    this.#event = event;
    this.#message = message;
    this.#left = [...handlers];
    this.#predecessor = predecessor;
  }

  /** Nothing when the event is done with, for good or bad; otherwise when its next turn should be, in ms. */
  async turn(): Promise<number | undefined> {
    const wait = await this.#predecessorWait();
    if (wait !== undefined) return wait;
    for (let handler = this.#left[0]; handler; handler = this.#left[0]) {
      const again = await this.#carryOut(handler);
      if (again !== undefined) return again;
      this.#left.shift();
      this.#failures = 0;
    }
    return undefined;
  }

  async #predecessorWait(): Promise<number | undefined> {
    const before = this.#predecessor;
    if (!before || (await this.#options.settled(before.name, before.id))) return undefined;
    if (Date.now() - this.#since < PREDECESSOR_PATIENCE_MS) return Math.min(500, 10 * 2 ** this.#turns++);
    this.#options.log.warn(
      { eventId: this.#event.id, predecessor: before.id },
      'an earlier event of this key has not come; going on without it',
    );
    return undefined;
  }

  async #carryOut(handler: Handler): Promise<number | undefined> {
    const { log, tries = 8, isOutage, counted } = this.#options;
    const about = { handler: handler.name, event: this.#event.name, eventId: this.#event.id };
    try {
      await handler.handle(this.#event);
      counted('done');
      return undefined;
    } catch (error) {
      if (error instanceof AlreadyHandled) {
        counted('known');
        return undefined;
      }
      const outage = isOutage(error);
      if (error instanceof Refused || (!outage && this.#failures + 1 >= tries)) {
        log.error({ err: error, ...about }, 'an event failed for good');
        return this.#bury(handler, error instanceof Error ? `${error.name}: ${error.message}` : String(error));
      }
      this.#failures++;
      counted('retried');
      if (this.#failures > 2) log.warn({ err: error, ...about, failures: this.#failures }, 'an event is tried again');
      if (outage) this.#failures = Math.min(this.#failures, tries - 2);
      return backoff(this.#failures);
    }
  }

  async #bury(handler: Handler, reason: string): Promise<number | undefined> {
    const { broker, context, db, log, counted } = this.#options;
    try {
      await bury(broker, context, handler.name, this.#message, reason);
      await db.query(
        sql`INSERT INTO kernel.inbox (event_id, handler) VALUES (${this.#event.id}::uuid, ${`dead:${handler.name}`}) ON CONFLICT DO NOTHING`,
      );
      counted('buried');
      return undefined;
    } catch (error) {
      log.warn({ err: error }, 'a dead letter could not be stored; it is tried again');
      return backoff(this.#failures);
    }
  }
}
