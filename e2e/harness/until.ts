export { eventually } from '@madang/kernel/testing';

/** A stretch of time that belongs to the scenario: "the broker is out for 30 s". Resolves when it is over. */
export async function elapsed(ms: number, _what: string): Promise<void> {
  await new Promise((over) => setTimeout(over, ms));
}

/** The smallest of the values that `share` of them do not exceed: `percentile(times, 0.99)`. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** Runs the task for each item, at most `limit` at a time; the results in the items' order. */
export async function sideBySide<Item, Result>(
  items: readonly Item[],
  limit: number,
  task: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await task(items[index] as Item, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}

/** The numbers from 0 to below `count`. */
export const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** How long the task took, in milliseconds. */
export async function timed<Result>(task: () => Promise<Result>): Promise<{ result: Result; ms: number }> {
  const start = performance.now();
  const result = await task();
  return { result, ms: performance.now() - start };
}
