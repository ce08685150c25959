/** Events for a toy's subscriptions: every subscriber gets what is published while it subscribes. */
export class Channel<Event> {
  readonly #listeners = new Set<(event: Event | Error | undefined) => void>();
  readonly #published: Event[] = [];

  /** Subscriptions that are open. */
  get listeners(): number {
    return this.#listeners.size;
  }

  publish(event: Event): void {
    this.#published.push(event);
    for (const listener of this.#listeners) listener(event);
  }

  /** Nothing that was published is told again. */
  forget(): void {
    this.#published.length = 0;
  }

  /** Completes every subscription. */
  complete(): void {
    for (const listener of this.#listeners) listener(undefined);
  }

  /** Ends every subscription with an error. */
  fail(error: Error): void {
    for (const listener of this.#listeners) listener(error);
  }

  /** `seen`: what was published after the event that it is true for comes first. */
  subscribe(seen: (event: Event) => boolean = () => false): AsyncIterableIterator<Event> {
    const last = this.#published.findLastIndex(seen);
    const waiting: (Event | Error | undefined)[] = last < 0 ? [] : this.#published.slice(last + 1);
    let wake = () => {};
    let over = false;
    const listener = (event: Event | Error | undefined) => {
      waiting.push(event);
      wake();
    };
    this.#listeners.add(listener);
    const end = async (): Promise<IteratorResult<Event>> => {
      over = true;
      this.#listeners.delete(listener);
      wake();
      return { done: true, value: undefined };
    };
    return {
      async next() {
        while (waiting.length === 0 && !over) await new Promise<void>((resolve) => (wake = resolve));
        const event = waiting.shift();
        if (event instanceof Error) {
          await end();
          throw event;
        }
        return over || event === undefined ? end() : { done: false, value: event };
      },
      return: end,
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}
