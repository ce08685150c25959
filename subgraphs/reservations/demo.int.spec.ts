import { user } from '@madang/kernel/domain';
import { eventually } from '@madang/kernel/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningReservations, runningReservations } from './testing/running-reservations.ts';

const customer = user('01900000-0000-7000-8000-000000000001', 'CUSTOMER');
let running: RunningReservations;
beforeAll(async () => {
  running = await runningReservations({ replicas: 2 });
  running.payments.moods.set(customer.accountId, 'OUT');
});
afterAll(() => running?.close());

it('the demo’s customer has two paid reservations once payments are there, however many replicas there are', async () => {
  await eventually(() => running.payments.calls.some(({ accountId }) => accountId === customer.accountId));
  running.payments.moods.delete(customer.accountId);
  const reserved = async () => (await running.rowsOf(customer)).filter(({ status }) => status === 'RESERVED');
  await eventually(async () => (await reserved()).length >= 2, { withinMs: 20_000 });
  await eventually(async () => (await running.rows('SELECT 1 FROM kernel.intent')).length === 0, { withinMs: 20_000 });
  const paid = [...running.payments.made.values()].filter(({ status }) => status === 'APPROVED');
  expect([(await reserved()).length, paid.length]).toEqual([2, 2]);
});
