import { Recent } from '../recent.ts';

export interface BucketOptions {
  /** Tokens per second that come back. */
  readonly rate: number;
  /** Tokens that a bucket has when nobody took any for a while. */
  readonly burst: number;
  /** Buckets that are remembered; those used least recently are forgotten, which makes them full. */
  readonly keys: number;
  /** Milliseconds; only goes forward. */
  readonly now: () => number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** Token buckets, one for each key. One that others took from as well may owe tokens, and is empty until they have come back. */
export class Buckets {
  readonly #options: BucketOptions;
  readonly #buckets: Recent<string, Bucket>;

  constructor(options: BucketOptions) {
    this.#options = options;
    this.#buckets = new Recent(options.keys);
  }

  /** Takes a token. @returns 0, or the milliseconds until there is one: then none was taken */
  take(key: string): number {
    const bucket = this.#filled(key);
    if (bucket.tokens < 1) return ((1 - bucket.tokens) / this.#options.rate) * 1_000;
    bucket.tokens--;
    return 0;
  }

  /** Others gave so many to the same key. */
  taken(key: string, count: number): void {
    this.#filled(key).tokens -= count;
  }

  #filled(key: string): Bucket {
    const { rate, burst } = this.#options;
    const now = this.#options.now();
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      const full = { tokens: burst, at: now };
      this.#buckets.set(key, full);
      return full;
    }
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1_000) * rate);
    bucket.at = now;
    return bucket;
  }
}
