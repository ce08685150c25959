/**
 * Runs tasks of one key one after another and tasks of different keys side by side, at most `limit` at a time.
 * A task that waits (`rest`) gives its place to others but keeps its key's turn.
 */
export class Lanes {
  readonly #limit: number;
  readonly #tails = new Map<string, Promise<void>>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #open = 0;
  #idle: (() => void)[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Tasks that are running or waiting for their turn. */
  get size(): number {
    return this.#open;
  }

  /** The task must not throw: it owns its failures. */
  add(key: string, task: (rest: (ms: number) => Promise<void>) => Promise<void>): void {
    this.#open++;
    const before = this.#tails.get(key) ?? Promise.resolve();
    const turn = before.then(async () => {
      await this.#enter();
      try {
        await task(async (ms) => {
          this.#leave();
          await new Promise((next) => setTimeout(next, ms));
          await this.#enter();
        });
      } finally {
        this.#leave();
        this.#open--;
        if (this.#tails.get(key) === turn) this.#tails.delete(key);
        if (this.#open === 0) for (const resolve of this.#idle.splice(0)) resolve();
      }
    });
    this.#tails.set(key, turn);
  }

  /** Resolves when nothing is left to do. */
  idle(): Promise<void> {
    if (this.#open === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #enter(): Promise<void> | void {
    if (this.#running < this.#limit) {
      this.#running++;
      return;
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#running--;
  }
}
