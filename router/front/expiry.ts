const LONGEST_TIMER = 2 ** 31 - 1;

/** Does something when a token expires, unless a later one takes its place. */
export class Expiry {
  readonly #expired: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(expired: () => void) {
    this.#expired = expired;
  }

  /** `expiresAt` in milliseconds since 1970; undefined: never. */
  at(expiresAt: number | undefined): void {
    clearTimeout(this.#timer);
    if (expiresAt === undefined) return;
    const left = expiresAt - Date.now();
    this.#timer = left > LONGEST_TIMER ? setTimeout(() => this.at(expiresAt), LONGEST_TIMER) : setTimeout(this.#expired, Math.max(left, 0));
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}
