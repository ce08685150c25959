/** Failures in a row after which the channel is taken to be out. */
const PATIENCE = 3;
const LONGEST_MS = 15_000;

/** Knows, for one replica, whether a channel is out, and for how long it is to be left alone: 1 s at first, doubling to 15 s. */
export class Outage {
  #failures = 0;
  #pausedUntil = 0;

  /** Out: one message at a time tries whether it is back. */
  get lasts(): boolean {
    return this.#failures >= PATIENCE;
  }

  /** It answered, whatever it said. */
  over(): void {
    this.#failures = 0;
  }

  /**
   * It gave no answer, or one that says that it is out (`atOnce`).
   * @param since when the message was handed over, ms; what was under way when the pause began tells nothing new
   * @returns the milliseconds for which to leave it alone, 0 for not at all
   */
  failed(since: number, now: number, atOnce = false): number {
    if (since < this.#pausedUntil) return 0;
    this.#failures = Math.max(this.#failures + 1, atOnce ? PATIENCE : 0);
    if (!this.lasts) return 0;
    const pause = Math.min(LONGEST_MS, 1_000 * 2 ** (this.#failures - PATIENCE));
    this.#pausedUntil = now + pause;
    return pause;
  }
}
