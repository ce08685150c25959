import type { Person } from './people.ts';
import type { Events } from './subscription.ts';
import { elapsed } from './until.ts';

/** An event that tells where to go on. */
interface WithCursor {
  readonly cursor: string;
}

/** A subscriber that comes back: whenever it is cut off, it goes on `after` the last event that it has seen. */
export class Follower<Event extends WithCursor> {
  readonly all: Event[] = [];
  /** How often it had to come back. */
  comebacks = 0;
  readonly #open: (after: string | undefined) => Events<Event>;
  #stopped = false;
  #current: Events<Event> | undefined;
  #running: Promise<void> = Promise.resolve();

  private constructor(person: Person, query: string) {
    this.#open = (after) => person.tryToWatch<Event>(query, { after });
  }

  /** Resolves when the subscription has begun. `query` takes `$after`. */
  static async start<Event extends WithCursor>(person: Person, context: string, query: string): Promise<Follower<Event>> {
    const follower = new Follower<Event>(person, query);
    follower.#running = follower.#run(await person.watch<Event>(context, query));
    return follower;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
    await this.#current?.leave();
  }

  async #run(first: Events<Event>): Promise<void> {
    this.#current = first;
    while (!this.#stopped) {
      this.#take(this.#current);
      if (this.#current.ended) {
        this.#take(this.#current);
        await this.#current.leave();
        await elapsed(100, 'a client waits a little before it comes back');
        this.comebacks++;
        this.#current = this.#open(this.all.at(-1)?.cursor);
      }
      await elapsed(10, 'between two looks');
    }
    this.#take(this.#current);
  }

  #take({ all }: Events<Event>): void {
    this.all.push(...all.splice(0));
  }
}
