import { eventually, times } from '@madang/kernel/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { watched } from './testing/watched.ts';
import { type Order, type PtYard, ptYard } from './testing/yard.ts';

const RACES = 70;
let yard: PtYard;
let trainerId: string;
beforeAll(async () => {
  yard = await ptYard({ replicas: 2 });
  trainerId = await yard.trainer();
});
afterAll(() => yard?.close());

const told = async (order: Order) => yard.told((await yard.assignment(order))?.id ?? '');

/** Both end cancelled, whoever was faster. */
async function bothCancelled(order: Order): Promise<void> {
  await yard.isAssignment(order, 'CANCELLED', 20_000);
  expect((await yard.schedule(order))?.status).toBe('CANCELLED');
}

const watchedTimes = (count: number, run: (turn: number) => Promise<void>) => watched(yard, () => times(count, run));

/** Both at once, or nearly, either of them first; now and then one of them has surely been faster. */
async function both<T>(turn: number, order: Order, act: () => Promise<T>): Promise<T> {
  const cancel = () => yard.cancellationRequested(order);
  const [apart, meanwhile] = [(turn % 16) * 3, (ms: number) => new Promise((next) => setTimeout(next, ms))];
  if (turn % 2 === 0) {
    const sooner = act();
    await (turn % 10 === 0 ? sooner : meanwhile(apart));
    await cancel();
    return sooner;
  }
  await cancel();
  if (turn % 10 === 1) await eventually(async () => /CANCEL/.test((await yard.assignment(order))?.status ?? ''));
  if (turn % 20 === 1) await yard.isAssignment(order, 'CANCELLED');
  await meanwhile(apart);
  return act();
}

describe('many races, on two replicas', { timeout: 90_000 }, () => {
  it('of an order and its cancellation: both are cancelled', async () => {
    let overtaken = 0;
    await watchedTimes(RACES, async (turn) => {
      const order = yard.order();
      await both(turn, order, () => yard.ordered(order));
      await bothCancelled(order);
      if ((await told(order))[0] === 'PtAssignmentCancelAccepted') overtaken++;
    });
    expect(overtaken, 'both orders have been tried').toSatisfy((count: number) => count > 0 && count < RACES);
  });

  it('of assigning and cancelling: nobody is assigned to what is cancelled, and what was assigned is cancelled with its schedule', async () => {
    let assigned = 0;
    await watchedTimes(RACES, async (turn) => {
      const order = await yard.come('ORDER_ACCEPTED', trainerId);
      const { data, refusal } = await both(turn, order, () => yard.assign(order, trainerId));
      await bothCancelled(order);
      const names = await told(order);
      if (data) assigned++;
      else expect(refusal?.code).toBe('ORDER_CANCELLED');
      const between = data ? ['TrainerAssigned'] : [];
      expect(names).toEqual(['PtOrderAccepted', ...between, 'PtAssignmentCancelAccepted', 'PtAssignmentCancelled']);
    });
    expect(assigned, 'both have won').toSatisfy((count: number) => count > 0 && count < RACES);
  });

  it('of confirming and cancelling: both are cancelled, and the trainer is free', async () => {
    let confirmed = 0;
    const trainers = await Promise.all(Array.from({ length: 10 }, () => yard.trainer()));
    await watchedTimes(RACES, async (turn) => {
      const by = trainers[turn % 10] ?? '';
      const order = await yard.come('TRAINER_ASSIGNED', by);
      const at = new Date(Date.now() + (turn + 1) * 3_600_000);
      const { data, refusal } = await both(turn, order, () => yard.confirm(order, by, at));
      await bothCancelled(order);
      if (data) confirmed++;
      else expect(refusal?.code).toBe('SCHEDULE_CANCELLED');
      expect((await told(order)).slice(-2)).toEqual(['PtAssignmentCancelAccepted', 'PtAssignmentCancelled']);
    });
    expect(confirmed, 'both have won').toSatisfy((count: number) => count > 0 && count < RACES);
    const taken = await yard.trainers.rows(`SELECT 1 FROM "PtSchedule" WHERE "trainerId" = ANY($1) AND status <> 'CANCELLED'`, trainers);
    expect(taken).toEqual([]);
  });

  it('of posting the result and cancelling: it was held and stays, or is cancelled, on both sides alike', async () => {
    let held = 0;
    await watchedTimes(RACES / 4, async (turn) => {
      const by = await yard.trainer();
      const order = await yard.come('ORDER_CONFIRMED', by);
      const { data, refusal } = await both(turn, order, () => yard.post(order, by));
      const end = await eventually(async () => (await told(order)).find((name) => /Cancelled|CancelRefused/.test(name)) ?? false);
      if (data) held++;
      else expect(refusal?.code).toBe('SCHEDULE_CANCELLED');
      expect(end).toBe(data ? 'PtAssignmentCancelRefused' : 'PtAssignmentCancelled');
      expect((await yard.assignment(order))?.status).toBe(data ? 'ORDER_CONFIRMED' : 'CANCELLED');
      expect((await yard.schedule(order))?.status).toBe(data ? 'RESULT_POSTED' : 'CANCELLED');
    });
    expect(held, 'both have won').toSatisfy((count: number) => count > 0 && count < RACES / 4);
  });
});

it('leaves no effect undone and no letter dead', async () => {
  await eventually(async () => (await yard.openIntents()).length === 0);
  expect(await yard.deadLetters()).toEqual([]);
});
