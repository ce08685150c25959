import { user } from '@madang/kernel/domain';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningPtOrders, runningPtOrders } from './testing/running-pt-orders.ts';

const customer = user('01900000-0000-7000-8000-000000000001', 'CUSTOMER');
let running: RunningPtOrders;
beforeAll(async () => {
  running = await runningPtOrders({ replicas: 2 });
});
afterAll(() => running?.close());

it('the demo’s customer has two orders, however many replicas there are', async () => {
  const orders = await running.rows<{ className: string; status: string }>(
    'SELECT "className", "status"::text FROM "PtOrder" WHERE "accountId" = $1 ORDER BY "className"',
    customer.accountId,
  );
  expect(orders).toEqual([
    { className: '자세 교정 PT', status: 'ORDERED' },
    { className: '체험 PT', status: 'ORDERED' },
  ]);
});
