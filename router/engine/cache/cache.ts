import type { CacheMetrics } from './cache-metrics.ts';
import type { Scope } from './hints.ts';

/** What is kept, or will be once its subgraph has answered. */
export interface Entry {
  readonly key: string;
  readonly subgraph: string;
  readonly scope: Scope;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** What it is dropped by. */
  readonly tags: readonly string[];
}

/** A place for an answer that is not there yet. What drops an entry drops its place as well, so that nothing older than a change is kept after it. */
export interface Place {
  /** Keeps the answer, unless it was dropped meanwhile. */
  fill(text: string): void;
  /** There will be none. */
  leave(): void;
}

interface Kept extends Entry {
  text: string | undefined;
  bytes: number;
  dropped: boolean;
}

/** Why something is dropped. */
export type Why = 'event' | 'mutation' | 'deaf' | 'full' | 'expired';

/** Of an entry beside its texts: its object, its places in the maps. */
const OVERHEAD_BYTES = 400;
const BYTES_PER_CHARACTER = 2;

/** Answers as text, at most so many bytes of them: what was used least recently makes room. */
export class AnswerCache {
  readonly #kept = new Map<string, Kept>();
  readonly #tagged = new Map<string, Set<Kept>>();
  readonly #most: number;
  readonly #metrics: CacheMetrics;
  #bytes = 0;

  constructor(most: number, metrics: CacheMetrics) {
    this.#most = most;
    this.#metrics = metrics;
  }

  /** @param now milliseconds since 1970 */
  get(key: string, now: number): { readonly text: string; readonly expiresAt: number } | undefined {
    const kept = this.#kept.get(key);
    if (kept?.text === undefined) return undefined;
    if (kept.expiresAt <= now) {
      this.#drop(kept, 'expired');
      return undefined;
    }
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    return { text: kept.text, expiresAt: kept.expiresAt };
  }

  /** Before the subgraph is asked. */
  place(entry: Entry): Place {
    const kept: Kept = { ...entry, text: undefined, bytes: 0, dropped: false };
    for (const tag of kept.tags) {
      const same = this.#tagged.get(tag);
      if (same) same.add(kept);
      else this.#tagged.set(tag, new Set([kept]));
    }
    return {
      fill: (text) => {
        if (kept.dropped) return;
        const before = this.#kept.get(kept.key);
        if (before) this.#drop(before, 'expired');
        kept.text = text;
        kept.bytes = (text.length + kept.key.length) * BYTES_PER_CHARACTER + OVERHEAD_BYTES;
        this.#kept.set(kept.key, kept);
        this.#count(kept, kept.bytes);
        // What is larger than all of it is not worth the rest.
        if (kept.bytes > this.#most) this.#drop(kept, 'full');
        else this.#makeRoom();
      },
      leave: () => this.#drop(kept, 'expired'),
    };
  }

  /** Drops everything that has the tag, and what is under way for it. */
  drop(tag: string, why: Why): void {
    for (const kept of this.#tagged.get(tag) ?? []) this.#drop(kept, why);
  }

  clear(why: Why): void {
    for (const tag of [...this.#tagged.keys()]) this.drop(tag, why);
  }

  get bytes(): number {
    return this.#bytes;
  }

  #makeRoom(): void {
    for (const kept of this.#kept.values()) {
      if (this.#bytes <= this.#most) return;
      this.#drop(kept, 'full');
    }
  }

  #drop(kept: Kept, why: Why): void {
    if (kept.dropped) return;
    kept.dropped = true;
    for (const tag of kept.tags) {
      const same = this.#tagged.get(tag);
      same?.delete(kept);
      if (same?.size === 0) this.#tagged.delete(tag);
    }
    if (kept.text === undefined) return;
    this.#kept.delete(kept.key);
    this.#count(kept, -kept.bytes);
    if (why !== 'expired') this.#metrics.cacheDropped.inc({ subgraph: kept.subgraph, scope: kept.scope, why });
  }

  #count({ subgraph, scope }: Kept, bytes: number): void {
    this.#bytes += bytes;
    this.#metrics.cacheBytes.inc({ subgraph, scope }, bytes);
  }
}
