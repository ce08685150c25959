import { describe, expect, it } from 'vitest';
import { fuzz, modes } from './fuzz.ts';
import { worlds } from './worlds.ts';

/** For each supergraph and each kind of trouble; `npm run fuzz:router` does more. */
const COUNT = 15;

describe.each(worlds)('random operations over the supergraph "%s"', (world) => {
  it.each(modes)('are answered as graphql-js answers them, mode "%s"', { timeout: 60_000 }, async (mode) => {
    const { operations, findings } = await fuzz(world, mode, 'ci', COUNT);
    expect(findings).toEqual([]);
    expect(operations).toBe(COUNT);
  });
});
