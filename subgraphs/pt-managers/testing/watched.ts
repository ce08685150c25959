import { expect } from 'vitest';
import type { PtYard } from './yard.ts';

/** Meanwhile reads assignments, then schedules, over and over: whose assignment is CANCELLED, their schedule is. */
export async function watched({ rows, trainers }: PtYard, run: () => Promise<void>): Promise<void> {
  let over = false;
  const broken = new Map<string, string>();
  let seen = 0;
  const looking = (async () => {
    while (!over) {
      const cancelled = await rows<{ orderId: string }>(`SELECT "orderId" FROM "TrainerAssignment" WHERE status = 'CANCELLED'`);
      const orderIds = cancelled.map(({ orderId }) => orderId);
      const schedules = await trainers.rows<{ orderId: string; status: string }>(
        'SELECT "orderId", status FROM "PtSchedule" WHERE "orderId" = ANY($1)',
        orderIds,
      );
      const statuses = new Map(schedules.map(({ orderId, status }) => [orderId, status]));
      for (const orderId of orderIds) {
        const status = statuses.get(orderId) ?? 'there is none';
        if (status !== 'CANCELLED' && !broken.has(orderId)) broken.set(orderId, status);
      }
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
  expect([...broken], 'assignments that were CANCELLED before their schedules').toEqual([]);
  expect(seen).toBeGreaterThan(0);
}
