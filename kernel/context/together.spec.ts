import { describe, expect, it } from 'vitest';
import { AlreadyHandled } from '../prisma/index.ts';
import { together } from './together.ts';

/** Work that goes on until it is told to end, and what it was given. */
function work(outcome: (items: readonly number[]) => void = () => {}) {
  const lots: number[][] = [];
  const ends: (() => void)[] = [];
  const run = async (items: readonly number[]) => {
    lots.push([...items]);
    await new Promise<void>((end) => ends.push(end));
    outcome(items);
  };
  /** Ends what is going on, and all that follows from it. */
  const end = async () => {
    while (ends.length > 0) {
      ends.shift()?.();
      await new Promise((next) => setImmediate(next));
    }
  };
  return { lots, run, end };
}

const refuse = (items: readonly number[]) => {
  if (items.includes(3)) throw new AlreadyHandled('three');
};

describe('what is done together', () => {
  it('begins at once when nothing is going on, and gathers in order while something is', async () => {
    const { lots, run, end } = work();
    const ask = together(run);
    const asked = [1, 2, 3, 4].map((item) => ask(item));
    expect(lots).toEqual([[1]]);
    await end();
    await Promise.all(asked);
    expect(lots).toEqual([[1], [2, 3, 4]]);
    const later = ask(5);
    expect(lots.at(-1)).toEqual([5]);
    await end();
    await later;
  });

  it('is no more at a time than it may be', async () => {
    const { lots, run, end } = work();
    const ask = together(run, 2);
    const asked = [1, 2, 3, 4, 5, 6].map((item) => ask(item));
    await end();
    await Promise.all(asked);
    expect(lots).toEqual([[1], [2, 3], [4, 5], [6]]);
  });

  it('is done one by one when it fails, so that each has its own outcome', async () => {
    const { lots, run, end } = work(refuse);
    const ask = together(run);
    const asked = Promise.allSettled([1, 2, 3, 4].map((item) => ask(item)));
    await end();
    expect((await asked).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(lots).toEqual([[1], [2, 3, 4], [2], [3], [4]]);
  });

  it('fails together when all is out', async () => {
    const { lots, run, end } = work(() => {
      throw Object.assign(new Error('gone'), { code: 'ECONNREFUSED' });
    });
    const ask = together(run);
    const asked = Promise.allSettled([1, 2, 3].map((item) => ask(item)));
    await end();
    expect((await asked).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(lots).toEqual([[1], [2, 3]]);
  });
});
