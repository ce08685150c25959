import { type Database, sql } from '../prisma/index.ts';

interface Pending {
  readonly eventId: string;
  readonly handler: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Longest that an event waits for company, ms. */
const GATHER_MS = 10;

/**
 * Records events that changed nothing as handled, many in one statement: later events of their keys may then go on, and they cost next to nothing.
 */
export class Settled {
  readonly #db: Database;
  #pending: Pending[] = [];

  constructor(db: Database) {
    this.#db = db;
  }

  /** Resolves when the inbox has it. */
  add(eventId: string, handler: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ eventId, handler, resolve, reject });
      if (this.#pending.length === 1) setTimeout(() => void this.#flush(), GATHER_MS);
    });
  }

  async #flush(): Promise<void> {
    const batch = this.#pending;
    this.#pending = [];
    try {
      await this.#db.query(
        sql`INSERT INTO kernel.inbox (event_id, handler)
          SELECT * FROM unnest(${batch.map(({ eventId }) => eventId)}::uuid[], ${batch.map(({ handler }) => handler)}::text[])
          ON CONFLICT DO NOTHING`,
      );
      for (const { resolve } of batch) resolve();
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
