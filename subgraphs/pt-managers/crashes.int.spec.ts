import { eventually, times } from '@madang/kernel/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { watched } from './testing/watched.ts';
import { type Order, type PtYard, ptYard } from './testing/yard.ts';

let yard: PtYard;
let trainerId: string;
beforeAll(async () => {
  yard = await ptYard({ replicas: 0 });
  trainerId = await yard.trainer();
});
afterAll(() => yard?.close());

const told = async (order: Order) => yard.told((await yard.assignment(order))?.id ?? '');

it('kill -9 between the schedule’s cancellation and the assignment’s: it heals within 30 seconds', async () => {
  const stages = ['ORDER_ACCEPTED', 'TRAINER_ASSIGNED', 'ORDER_CONFIRMED'] as const;
  const orders = await Promise.all(stages.map(async (stage) => yard.come(stage, await yard.trainer())));
  await watched(yard, async () => {
    yard.way.mood.now = 'ANSWERS_HELD';
    for (const order of orders) await yard.cancellationRequested(order);
    for (const order of orders) await yard.isSchedule(order, 'CANCELLED');
    await eventually(() => yard.way.held.length >= 3);
    await yard.own.kill();
    for (const order of orders) expect((await yard.assignment(order))?.status).toBe('ORDER_CANCEL_ACCEPTED');
    expect(await yard.openIntents()).toHaveLength(3);
    yard.way.mood.now = 'OPEN';
    await yard.own.start();
    for (const order of orders) await yard.isAssignment(order, 'CANCELLED', 30_000);
  });
  await eventually(async () => (await yard.openIntents()).length === 0);
  for (const order of orders) expect((await told(order)).slice(-2)).toEqual(['PtAssignmentCancelAccepted', 'PtAssignmentCancelled']);
}, 60_000);

it('a lesson that was confirmed, held and asked to be cancelled while the managers were away is told of before the refusal', async () => {
  const by = await yard.trainer();
  const order = await yard.come('TRAINER_ASSIGNED', by);
  await yard.own.kill();
  await yard.confirm(order, by);
  await yard.post(order, by);
  await yard.cancellationRequested(order);
  await yard.own.start();
  const { id } = (await yard.assignment(order)) ?? { id: '' };
  await eventually(async () => (await yard.told(id)).includes('PtAssignmentCancelRefused'), { withinMs: 20_000 });
  await yard.isAssignment(order, 'ORDER_CONFIRMED');
  const told = await yard.told(id);
  expect(told.filter((name) => name === 'PtAssignmentConfirmed')).toHaveLength(1);
  expect(told.indexOf('PtAssignmentConfirmed')).toBeLessThan(told.indexOf('PtAssignmentCancelRefused'));
  expect((await yard.assignment(order))?.scheduleId).toBe((await yard.schedule(order))?.id);
}, 60_000);

it('kill -9 of either, again and again, amid a hundred cancellations: in the end both are cancelled, and never one alone', async () => {
  const orders: Order[] = [];
  await times(100, async (turn) => void orders.push(await yard.come(turn % 2 === 0 ? 'ORDER_ACCEPTED' : 'TRAINER_ASSIGNED', trainerId)));
  await watched(yard, async () => {
    for (const [turn, process] of [yard.own, yard.trainers, yard.own, yard.trainers].entries()) {
      await Promise.all(orders.slice(turn * 25, (turn + 1) * 25).map((order) => yard.cancellationRequested(order)));
      await new Promise((next) => setTimeout(next, 10 + Math.random() * 40));
      await process.kill();
      await process.start();
    }
    for (const order of orders) await yard.isAssignment(order, 'CANCELLED', 30_000);
  });
  await eventually(async () => (await yard.openIntents()).length === 0);
  for (const order of orders) {
    expect((await yard.schedule(order))?.status).toBe('CANCELLED');
    const names = await told(order);
    expect(names.slice(-2)).toEqual(['PtAssignmentCancelAccepted', 'PtAssignmentCancelled']);
    expect(new Set(names).size).toBe(names.length);
  }
}, 120_000);
