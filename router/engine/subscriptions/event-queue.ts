/** A bounded queue with one reader. */
export class EventQueue<Item> {
  readonly #items: Item[] = [];
  readonly #capacity: number;
  #waiting: ((item: Item | undefined) => void) | undefined;
  #ended = false;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** False when it is full: the item was not taken. After the end items are ignored. */
  put(item: Item): boolean {
    if (this.#ended || this.#hand(item)) return true;
    if (this.#items.length >= this.#capacity) return false;
    this.#items.push(item);
    return true;
  }

  /** Nothing is put any more. What was put before is still read, unless it is discarded. */
  end(discard = false): void {
    if (discard) this.#items.length = 0;
    this.#ended = true;
    this.#hand(undefined);
  }

  /** The next item, once there is one; undefined at the end. */
  take(): Promise<Item | undefined> {
    if (this.#items.length > 0) return Promise.resolve(this.#items.shift());
    if (this.#ended) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  #hand(item: Item | undefined): boolean {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.(item);
    return waiting !== undefined;
  }
}
