import type { Logger } from 'pino';
import { type Found, versionOf } from './edition.ts';

/** A place where a supergraph is, and where another one may appear. */
export interface Source {
  /** The one that is there now; undefined when there is none. @throws when that cannot be found out now */
  read(): Promise<Found | undefined>;
  /** From now on it calls back when there may be another one; once too often does no harm. */
  watch(changed: () => void): void;
  close(): void;
}

/** A router that goes along with a source. */
export interface Following {
  /** Looks now, and offers what is there also if it was refused before. @throws why it was not taken */
  look(): Promise<void>;
  close(): void;
}

export interface FollowOptions {
  readonly source: Source;
  /** Puts it into use. @throws when it is refused, which has been told then */
  readonly take: (found: Found) => Promise<void>;
  /** The version that is in use. */
  readonly inUse: string;
  /** Between two looks that nobody asked for. */
  readonly pollMs: number;
  readonly log: Logger;
}

/** Offers the router each supergraph that appears, one after the other; several changes at once are one. */
export function follow({ source, take, inUse, pollMs, log }: FollowOptions): Following {
  let seen = inUse;
  let missing = '';
  let turn: Promise<void> = Promise.resolve();
  let waiting = false;
  let closed = false;

  /** Tells once why there is nothing to be seen. */
  function nothing(why: string, error?: unknown): void {
    if (missing !== why) log.warn({ ...(error === undefined ? {} : { err: error }) }, `${why}; the supergraph in use stays`);
    missing = why;
  }

  async function once(asked: boolean): Promise<void> {
    let found: Found | undefined;
    try {
      found = await source.read();
    } catch (error) {
      nothing('the supergraph cannot be read', error);
      if (asked) throw error;
      return;
    }
    if (closed) return;
    if (!found) return nothing('there is no supergraph');
    missing = '';
    const version = versionOf(found.supergraphSdl);
    if (version === seen && !asked) return;
    seen = version;
    await take(found);
  }

  function notice(): void {
    if (closed || waiting) return;
    waiting = true;
    turn = turn.then(() => {
      waiting = false;
      // It has been told why.
      return once(false).catch(() => undefined);
    });
  }

  source.watch(notice);
  const poll = setInterval(notice, pollMs);
  poll.unref();
  return {
    look() {
      const asked = turn.then(() => once(true));
      turn = asked.catch(() => undefined);
      return asked;
    },
    close() {
      closed = true;
      clearInterval(poll);
      source.close();
    },
  };
}
