/** Events for a toy's subscriptions: every subscriber gets what is published while it subscribes. */
export class Channel<Event> {
  readonly #listeners = new Set<(event: Event | undefined) => void>();

  /** Subscriptions that are open. */
  get listeners(): number {
    return this.#listeners.size;
  }

  publish(event: Event): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Completes every subscription. */
  complete(): void {
    for (const listener of this.#listeners) listener(undefined);
  }

  subscribe(): AsyncIterableIterator<Event> {
    const waiting: (Event | undefined)[] = [];
    let wake = () => {};
    let over = false;
    const listener = (event: Event | undefined) => {
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
        return over || event === undefined ? end() : { done: false, value: event };
      },
      return: end,
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}
