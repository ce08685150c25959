import { eventually } from '@madang/kernel/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningCleanings, runningCleanings } from './testing/running-cleanings.ts';

const RACES = 70;
let running: RunningCleanings;
beforeAll(async () => {
  running = await runningCleanings({ replicas: 2 });
});
afterAll(() => running?.close());

/** Runs it that many times, some at a time. */
async function times(count: number, run: (turn: number) => Promise<void>, atOnce = 10): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) await run(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

describe('many races, on two replicas', () => {
  it('of a request and its cancellation, in either order: it is cancelled, once', async () => {
    const handled = async () => (await running.rows<{ count: number }>('SELECT count(*)::int FROM kernel.inbox'))[0]?.count ?? 0;
    const before = await handled();
    await times(RACES, async (turn) => {
      const reservation = running.reservation();
      const both = [() => running.reserved(reservation), () => running.cancellationRequested(reservation)];
      const [first, second] = turn % 2 === 0 ? both : both.reverse();
      const sooner = first?.();
      await new Promise((next) => setTimeout(next, turn % 5));
      await Promise.all([sooner, second?.()]);
    });
    await eventually(async () => (await handled()) === before + 2 * RACES, { withinMs: 25_000 });
    const rows = await running.rows<{ status: string; count: number; overtaken: number }>(
      'SELECT status, count(*)::int, count(*) FILTER (WHERE "requestedAt" IS NULL)::int AS overtaken FROM "Cleaning" GROUP BY status',
    );
    expect(rows).toEqual([{ status: 'CANCELLED', count: RACES, overtaken: expect.any(Number) }]);
    const overtaken = rows[0]?.overtaken ?? 0;
    expect(overtaken, 'both orders have been tried').toSatisfy((count: number) => count > 0 && count < RACES);
    const told = await running.rows<{ type: string; count: number }>(
      'SELECT type, count(*)::int FROM kernel.outbox GROUP BY type ORDER BY type',
    );
    expect(told).toEqual([
      { type: 'madang.cleanings.CleaningCancelled.v1', count: RACES },
      { type: 'madang.cleanings.CleaningRequested.v1', count: RACES - overtaken },
    ]);
  });

  it('of completing and cancelling: one of them wins, and both are told the same', async () => {
    let done = 0;
    await times(RACES, async (turn) => {
      const reservation = running.reservation();
      await running.reserved(reservation);
      const { id } = (await eventually(async () => (await running.cleaning(reservation)) ?? false, { everyMs: 2 })) ?? { id: '' };
      await running.confirm(id);
      const both = [() => running.complete(id), () => running.cancellationRequested(reservation)];
      const [answer] = await Promise.all(turn % 2 === 0 ? both.map((run) => run()) : both.reverse().map((run) => run())).then((answers) =>
        answers.filter((one) => one !== undefined),
      );
      const ended = await eventually(async () => {
        const names = await running.published(id);
        return names.length === (names.includes('CleaningCompleted') ? 4 : 3) && names;
      });
      if (answer?.refusal === undefined) {
        expect(ended).toEqual(['CleaningRequested', 'CleaningConfirmed', 'CleaningCompleted', 'CleaningCancelRefused']);
        done++;
      } else {
        expect(answer.refusal.code).toBe('CLEANING_CANCELLED');
        expect(ended).toEqual(['CleaningRequested', 'CleaningConfirmed', 'CleaningCancelled']);
      }
    });
    expect(done).toBeGreaterThan(0);
  });
});
