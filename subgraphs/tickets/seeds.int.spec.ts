import { eventually } from '@madang/kernel/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningTickets, runningTickets } from './testing/running-tickets.ts';

let running: RunningTickets;
beforeAll(async () => {
  running = await runningTickets({ env: { SEED: 'demo' }, replicas: 2 });
});
afterAll(() => running?.close());

it('the demo’s customer has bought two tickets, once, as soon as payments could be reached', async () => {
  running.payments.says.now = 'OUT';
  await eventually(() => running.payments.calls.some(({ mutation }) => mutation === 'approve'));
  expect(await running.rows(`SELECT 1 FROM "Ticket" WHERE status <> 'ORDERED'`)).toEqual([]);
  running.payments.says.now = 'APPROVED';
  await eventually(
    async () => {
      const bought = await running.rows('SELECT type, status FROM "Ticket" ORDER BY type');
      expect(bought).toEqual([
        { type: 'ONE_HOUR', status: 'AVAILABLE' },
        { type: 'ONE_DAY', status: 'AVAILABLE' },
      ]);
    },
    { withinMs: 20_000 },
  );
  await eventually(async () => (await running.rows(`SELECT 1 FROM kernel.intent WHERE kind = 'purchase-for-demo'`)).length === 0);
}, 40_000);
