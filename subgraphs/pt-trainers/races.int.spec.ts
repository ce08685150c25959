import { eventually, times } from '@madang/kernel/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningPtTrainers, runningPtTrainers } from './testing/running-pt-trainers.ts';

const RACES = 70;
const HOUR = 3_600_000;
let running: RunningPtTrainers;
beforeAll(async () => {
  running = await runningPtTrainers({ replicas: 2 });
});
afterAll(() => running?.close());

const tomorrow = (plusMs = 0) => new Date(Math.ceil(Date.now() / (24 * HOUR)) * 24 * HOUR + plusMs);
const pause = (ms: number) => new Promise((next) => setTimeout(next, ms));

describe('fifty confirmations of one trainer at once, on two replicas', () => {
  it.each([
    ['for the same time', () => 0],
    ['for overlapping times, each with its neighbours', (turn: number) => turn * 30 * 60_000],
    ['for times that all overlap', (turn: number) => turn * 30_000],
  ])('%s: no two lessons overlap, and the others are told that the trainer is busy', async (_, plusMs) => {
    const order = running.order();
    const schedules = await Promise.all(Array.from({ length: 50 }, () => running.requested(running.order({ trainerId: order.trainerId }))));
    const answers = await Promise.all(
      schedules.map(({ id }, turn) => running.confirm(id, tomorrow(plusMs(turn)), running.asTrainer(order))),
    );
    const confirmed = answers.filter(({ data }) => data?.status === 'CONFIRMED');
    const refused = answers.flatMap(({ refusal }) => refusal ?? []);
    expect(confirmed.length + refused.length).toBe(50);
    expect(confirmed.length).toBeGreaterThan(0);
    for (const refusal of refused) expect(refusal).toMatchObject({ code: 'TRAINER_BUSY', field: 'at' });
    const overlaps = await running.rows(
      `SELECT 1 FROM "PtSchedule" a JOIN "PtSchedule" b ON a."trainerId" = b."trainerId" AND a.id < b.id AND a."lessonAt" < b."endsAt" AND b."lessonAt" < a."endsAt"
       WHERE a.status = 'CONFIRMED' AND b.status = 'CONFIRMED'`,
    );
    expect(overlaps).toEqual([]);
    const [database] = await running.rows<{ deadlocks: string }>(
      'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
    );
    expect(database?.deadlocks, 'they go one after the other').toBe('0');
    for (const [index, { id }] of schedules.entries())
      expect(await running.told(id)).toEqual(['PtScheduleRequested', ...(answers[index]?.data ? ['PtScheduleConfirmed'] : [])]);
  });

  it('lets a waiting lesson have the time of one that is cancelled at that moment, or refuses it', async () => {
    const order = running.order();
    let taken = 0;
    await times(
      50,
      async (turn) => {
        const at = tomorrow((turn + 100) * HOUR);
        const [one, other] = await Promise.all([1, 2].map(() => running.requested(running.order({ trainerId: order.trainerId }))));
        if (!one || !other) throw new Error('not requested');
        await running.confirm(one.id, at, running.asTrainer(order));
        const cancelling = running.cancel(one);
        // The cancellation's head start, up to more than it takes.
        await new Promise((begin) => setTimeout(begin, (turn % 10) * 3));
        const [{ data, refusal }] = await Promise.all([running.confirm(other.id, at, running.asTrainer(order)), cancelling]);
        expect((await running.schedule(one))?.status).toBe('CANCELLED');
        if (data) taken++;
        else expect(refusal?.code).toBe('TRAINER_BUSY');
        expect((await running.confirm(other.id, at, running.asTrainer(order))).data?.status).toBe('CONFIRMED');
      },
      5,
    );
    expect(taken).toBeGreaterThan(0);
  });
});

describe('many races, on two replicas', { timeout: 60_000 }, () => {
  it('of a request and its cancellation: nothing is taught once the cancellation was agreed', async () => {
    const before = await running.handled();
    const orderIds: string[] = [];
    let afterRequest = 0;
    await times(RACES, async (turn) => {
      const order = running.order();
      orderIds.push(order.orderId);
      const assigned = running.assigned(order);
      // Now and then the request has surely been faster.
      if (turn % 10 === 0) await eventually(async () => (await running.schedule(order)) !== undefined);
      else await pause(turn % 8);
      const { data, refusal } = await running.cancel(order);
      expect(refusal).toBeUndefined();
      expect(data?.status).toBe('CANCELLED');
      await assigned;
      if ((data as { requestedAt?: string } | null)?.requestedAt) afterRequest++;
    });
    await eventually(async () => (await running.handled()) === before + RACES);
    const others = await running.rows(`SELECT 1 FROM "PtSchedule" WHERE "orderId" = ANY($1) AND status <> 'CANCELLED'`, orderIds);
    expect(others).toEqual([]);
    expect(afterRequest, 'both orders have been tried').toSatisfy((count: number) => count > 0 && count < RACES);
  });

  it.each(['confirming', 'posting the result'] as const)(
    'of %s and cancelling: one of them wins, and both are told the same',
    async (what) => {
      let wins = 0;
      await times(RACES, async (turn) => {
        const order = await running.requested(running.order());
        const by = running.asTrainer(order);
        const at = new Date();
        if (what === 'posting the result') await running.confirm(order.id, at, by);
        const act = () => (what === 'confirming' ? running.confirm(order.id, at, by) : running.post(order.id, '좋습니다.', by));
        const cancel = () => running.cancel(order);
        // Now and then one of them has surely been faster.
        const ahead = turn % 10 === 0 ? await act() : undefined;
        const behind = turn % 10 === 1 ? await cancel() : undefined;
        const [acted, cancelled] = await Promise.all([ahead ?? act(), behind ?? cancel()]);
        const status = (await running.schedule(order))?.status;
        const told = await running.told(order.id);
        if (acted.data) wins++;
        else expect(acted?.refusal?.code).toBe('SCHEDULE_CANCELLED');
        if (what === 'confirming') {
          expect([cancelled.data?.status, status]).toEqual(['CANCELLED', 'CANCELLED']);
          expect(told).toEqual(['PtScheduleRequested', ...(acted.data ? ['PtScheduleConfirmed'] : []), 'PtScheduleCancelled']);
        } else {
          expect(status).toBe(acted.data ? 'RESULT_POSTED' : 'CANCELLED');
          expect(cancelled.refusal?.code).toBe(acted.data ? 'LESSON_RESULT_POSTED' : undefined);
          expect(told).toEqual(['PtScheduleRequested', 'PtScheduleConfirmed', acted.data ? 'LessonResultPosted' : 'PtScheduleCancelled']);
        }
      });
      expect(wins).toSatisfy((count: number) => count > 0 && count < RACES);
    },
  );
});
