import { eventually, times } from '@madang/kernel/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningDeliveries, runningDeliveries } from './testing/running-deliveries.ts';

const RACES = 70;
const later = async <T>(ms: number, run: () => Promise<T>): Promise<T> => {
  if (ms > 0) await new Promise((next) => setTimeout(next, ms));
  return run();
};
let running: RunningDeliveries;
beforeAll(async () => {
  running = await runningDeliveries({ replicas: 2 });
});
afterAll(() => running?.close());

describe('many races, on two replicas', () => {
  it('of a start and its cancellation: nothing is on its way once the cancellation was agreed', async () => {
    let afterStart = 0;
    await times(RACES, async (turn) => {
      const order = running.order();
      // Now the one is ahead by some milliseconds, now the other.
      const ahead = (turn % 9) - 4;
      const paid = later(-ahead, () => running.paid(order));
      const { data, refusal } = await later(ahead, () => running.cancel(order));
      expect(refusal).toBeUndefined();
      expect(data?.status).toBe('CANCELLED');
      expect((await running.delivery(order))?.status).toBe('CANCELLED');
      await paid;
      if (data?.startedAt) afterStart++;
    });
    await eventually(async () => {
      const [row] = await running.rows<{ count: number }>('SELECT count(*)::int FROM kernel.inbox');
      return row?.count === RACES;
    });
    const rows = await running.rows<{ status: string; count: number }>('SELECT status, count(*)::int FROM "Delivery" GROUP BY status');
    expect(rows).toEqual([{ status: 'CANCELLED', count: RACES }]);
    const told = await running.rows<{ type: string; count: number }>(
      'SELECT type, count(*)::int FROM kernel.outbox GROUP BY type ORDER BY type',
    );
    expect(told).toEqual([
      { type: 'madang.deliveries.DeliveryCancelled.v1', count: RACES },
      { type: 'madang.deliveries.DeliveryStarted.v1', count: afterStart },
    ]);
    expect(afterStart, 'both orders have been tried').toSatisfy((count: number) => count > 0 && count < RACES);
  });

  it('of handing over and cancelling: one of them wins, and both are told the same', async () => {
    let delivered = 0;
    await times(RACES, async (turn) => {
      const order = running.order();
      await running.paid(order);
      const { id } = await eventually(async () => (await running.delivery(order)) ?? false, { everyMs: 2 }).then(
        (found) => found || { id: '' },
      );
      const both = [() => running.complete(id), () => running.cancel(order)];
      const [first, second] = await Promise.all((turn % 2 === 0 ? both : both.reverse()).map((run) => run()));
      const codes = [first?.refusal?.code, second?.refusal?.code].filter((code) => code !== undefined);
      const status = (await running.delivery(order))?.status;
      expect(codes).toEqual([status === 'DELIVERED' ? 'ALREADY_DELIVERED' : 'DELIVERY_CANCELLED']);
      expect(await running.published(id)).toEqual(['DeliveryStarted', status === 'DELIVERED' ? 'DeliveryCompleted' : 'DeliveryCancelled']);
      if (status === 'DELIVERED') delivered++;
    });
    expect(delivered).toSatisfy((count: number) => count > 0 && count < RACES);
  });
});
