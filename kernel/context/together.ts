import { isOutage } from './outage.ts';

interface Waiting<Item> {
  readonly item: Item;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * What is asked for while a lot is being done, is done in one lot afterwards: alone, nothing waits for company; under load, one statement
 * serves many. One lot at a time, each in the order in which it was asked for. Of a lot that fails (unless all is out) each item is done
 * once more alone, so that it has an outcome of its own.
 * @param run does all of it, or nothing
 */
export function together<Item>(run: (items: readonly Item[]) => Promise<unknown>, most = 100): (item: Item) => Promise<void> {
  const waiting: Waiting<Item>[] = [];
  let busy = false;

  async function carryOut(lot: readonly Waiting<Item>[]): Promise<void> {
    try {
      await run(lot.map(({ item }) => item));
      for (const { resolve } of lot) resolve();
    } catch (error) {
      if (lot.length === 1 || isOutage(error)) for (const { reject } of lot) reject(error);
      else for (const one of lot) await carryOut([one]);
    }
  }

  async function goOn(): Promise<void> {
    busy = true;
    while (waiting.length > 0) await carryOut(waiting.splice(0, most));
    busy = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!busy) void goOn();
    });
}
