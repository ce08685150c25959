import { expect, it } from 'vitest';
import { Outage } from './outage.ts';

/** Fails once after each pause; answers the pauses. */
function pausesOf(outage: Outage, times: number, atOnce = false): number[] {
  let now = 1_000_000;
  return Array.from({ length: times }, () => {
    const pause = outage.failed(now, now + 10, atOnce);
    now += 10 + pause;
    return pause;
  });
}

it('a failure or two pause nothing, then it is longer and longer, at most 15 s', () => {
  const outage = new Outage();
  expect(pausesOf(outage, 8)).toEqual([0, 0, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
  expect(outage.lasts).toBe(true);
});

it('being refused itself pauses at once', () => {
  expect(pausesOf(new Outage(), 3, true)).toEqual([1_000, 2_000, 4_000]);
});

it('what was under way when a pause began counts once', () => {
  const outage = new Outage();
  outage.failed(0, 10);
  outage.failed(0, 10);
  expect([outage.failed(5, 10), outage.failed(5, 20), outage.failed(900, 1_500), outage.failed(1_010, 1_020)]).toEqual([
    1_000, 0, 0, 2_000,
  ]);
});

it('an answer ends it', () => {
  const outage = new Outage();
  pausesOf(outage, 5);
  outage.over();
  expect(outage.lasts).toBe(false);
  expect(outage.failed(10_000_000, 10_000_001)).toBe(0);
});
