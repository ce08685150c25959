import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';

export interface Seen<Event> {
  readonly event: Event;
  /** Of `performance.now()`. */
  readonly at: number;
}

interface Waiter<Event> {
  is(event: Event): boolean;
  resolve(seen: Seen<Event>): void;
}

/** A subscription over graphql-ws to its one field; remembers when each event came. */
export class Subscription<Event> {
  readonly #socket: Client;
  readonly #seen: Seen<Event>[] = [];
  readonly #waiting = new Set<Waiter<Event>>();
  #failure: Error | undefined;

  constructor(url: string, token: string, query: string) {
    const connectionParams = { authorization: `Bearer ${token}` };
    this.#socket = createClient({
      url: url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      connectionParams,
      lazy: false,
      retryAttempts: 0,
    });
    const fail = (why: unknown) => {
      this.#failure = new Error(`a subscription ended: ${JSON.stringify(why)}`);
    };
    this.#socket.subscribe<Record<string, Event>>(
      { query },
      {
        next: ({ data, errors }) => (data && !errors ? this.#came(Object.values(data)[0] as Event) : fail(errors)),
        error: fail,
        complete: () => fail('complete'),
      },
    );
  }

  /** The first event of that kind, also one that has come already. @throws when there is none in time */
  async first(is: (event: Event) => boolean, withinMs: number): Promise<Seen<Event>> {
    const known = this.#seen.find(({ event }) => is(event));
    if (known) return known;
    const { promise, resolve, reject } = Promise.withResolvers<Seen<Event>>();
    const waiter = { is, resolve };
    this.#waiting.add(waiter);
    const late = setTimeout(() => reject(this.#failure ?? new Error(`no such event within ${withinMs} ms`)), withinMs);
    return promise.finally(() => {
      clearTimeout(late);
      this.#waiting.delete(waiter);
    });
  }

  async close(): Promise<void> {
    await this.#socket.dispose();
  }

  #came(event: Event): void {
    const seen = { event, at: performance.now() };
    this.#seen.push(seen);
    for (const waiter of this.#waiting) if (waiter.is(event)) waiter.resolve(seen);
  }
}
