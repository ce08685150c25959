/** Does its work: resolves with nothing when it is done, or with the milliseconds after which it wants its next turn. Never throws. */
export type Task = () => Promise<number | undefined>;

interface Waiting {
  readonly order: number;
  readonly task: Task;
}

interface Lane {
  readonly tasks: Waiting[];
  /** Ends the pause between two turns: something came that goes first. */
  wake: (() => void) | null;
}

/**
 * Runs tasks of one key one after another, the lowest `order` first, and tasks of different keys side by side, at most `limit` at a time.
 * While a task waits for its next turn it holds no place, and a task of its key with a lower order goes first.
 */
export class Lanes {
  readonly #limit: number;
  readonly #lanes = new Map<string, Lane>();
  readonly #queue: (() => void)[] = [];
  readonly #idle: (() => void)[] = [];
  #running = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(key: string, order: number, task: Task): void {
    const lane = this.#lanes.get(key);
    if (lane) {
      insert(lane.tasks, { order, task });
      if (lane.tasks[0]?.order === order) lane.wake?.();
      return;
    }
    const made: Lane = { tasks: [{ order, task }], wake: null };
    this.#lanes.set(key, made);
    void this.#run(key, made);
  }

  /** Resolves when nothing is left to do. */
  idle(): Promise<void> {
    if (this.#lanes.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  async #run(key: string, lane: Lane): Promise<void> {
    for (let next = lane.tasks.shift(); next; next = lane.tasks.shift()) {
      if (this.#running < this.#limit) this.#running++;
      else await new Promise<void>((enter) => this.#queue.push(enter));
      const again = await next.task();
      const successor = this.#queue.shift();
      if (successor) successor();
      else this.#running--;
      if (again === undefined) continue;
      insert(lane.tasks, next);
      if (lane.tasks[0] === next) await pause(lane, again);
    }
    this.#lanes.delete(key);
    if (this.#lanes.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }
}

function insert(tasks: Waiting[], task: Waiting): void {
  const at = tasks.findIndex(({ order }) => order > task.order);
  if (at < 0) tasks.push(task);
  else tasks.splice(at, 0, task);
}

const pause = (lane: Lane, ms: number): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      lane.wake = null;
      resolve();
    };
    const timer = setTimeout(done, ms);
    lane.wake = done;
  });
