import { setTimeout as delay } from 'node:timers/promises';

export interface Patience {
  readonly withinMs: number;
  readonly everyMs?: number;
  readonly signal?: AbortSignal;
}

/** Waits until `look` finds something other than undefined. @throws when it does not in time */
export async function until<Found>(
  what: string,
  look: () => Promise<Found | undefined> | Found | undefined,
  { withinMs, everyMs = 50, signal }: Patience,
): Promise<Found> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${withinMs / 1_000} s`);
    await delay(everyMs, undefined, { signal });
  }
}

/** Runs the task for each item, at most `limit` at a time; the results in the items' order. */
export async function sideBySide<Item, Found>(
  items: readonly Item[],
  limit: number,
  task: (item: Item) => Promise<Found>,
): Promise<Found[]> {
  const results = new Array<Found>(items.length);
  const queue = items.entries();
  const work = async () => {
    for (const [at, item] of queue) results[at] = await task(item);
  };
  await Promise.all(Array.from({ length: limit }, work));
  return results;
}
