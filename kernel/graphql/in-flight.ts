import { setTimeout as delay } from 'node:timers/promises';

/** Counts what is running, so that one can wait until nothing is. */
export class InFlight {
  #running = 0;
  #idle = Promise.withResolvers<void>();

  get running(): number {
    return this.#running;
  }

  /** @returns to be called once when it is done */
  enter(): () => void {
    this.#running++;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      if (--this.#running > 0) return;
      this.#idle.resolve();
      this.#idle = Promise.withResolvers();
    };
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    const leave = this.enter();
    try {
      return await work();
    } finally {
      leave();
    }
  }

  /** Resolves when nothing runs any more, or after `ms`; with whether nothing runs. */
  async idle(ms: number): Promise<boolean> {
    const giveUp = new AbortController();
    if (this.#running > 0) await Promise.race([this.#idle.promise, delay(ms, undefined, { signal: giveUp.signal })]);
    giveUp.abort();
    return this.#running === 0;
  }
}
