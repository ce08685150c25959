import { expect } from 'vitest';
import type { PtYard } from './yard.ts';

/** Meanwhile reads assignments, then schedules, over and over: whose assignment is CANCELLED, their schedule is. */
export async function watched({ rows, trainers }: PtYard, run: () => Promise<void>): Promise<void> {
  let over = false;
  const broken = new Set<string>();
  let seen = 0;
  const looking = (async () => {
    while (!over) {
      const cancelled = await rows<{ orderId: string }>(`SELECT "orderId" FROM "TrainerAssignment" WHERE status = 'CANCELLED'`);
      const orderIds = cancelled.map(({ orderId }) => orderId);
      const agreed = await trainers.rows<{ orderId: string }>(
        `SELECT "orderId" FROM "PtSchedule" WHERE "orderId" = ANY($1) AND status = 'CANCELLED'`,
        orderIds,
      );
      const both = new Set(agreed.map(({ orderId }) => orderId));
      for (const orderId of orderIds) if (!both.has(orderId)) broken.add(orderId);
      seen += orderIds.length;
      await new Promise((next) => setTimeout(next, 2));
    }
  })();
  try {
    await run();
  } finally {
    over = true;
    await looking;
  }
  expect([...broken], 'an assignment was CANCELLED before its schedule').toEqual([]);
  expect(seen).toBeGreaterThan(0);
}
