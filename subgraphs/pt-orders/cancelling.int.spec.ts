import { anonymous } from '@madang/kernel/domain';
import { eventually, times } from '@madang/kernel/testing';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { admin, manager, type RunningPtOrders, runningPtOrders, stranger } from './testing/running-pt-orders.ts';

let running: RunningPtOrders;
beforeAll(async () => {
  running = await runningPtOrders({ replicas: 2 });
});
afterAll(() => running?.close());

const ASKED_AND_REJECTED = ['PtCancellationRequested', 'PtCancellationRejected'];

describe('cancelling', () => {
  it('is a request at once, and a fact when the assignment is cancelled', async () => {
    const one = await running.ordered();
    for (const step of [one.accepted, one.assigned, one.confirmed]) await step();
    await one.is('CONFIRMED');
    for (const _ of [1, 2]) expect((await one.cancel()).data).toMatchObject({ status: 'CANCELLING', cancelledAt: null });
    await one.freed(3);
    await one.is('CANCELLED');
    expect((await one.cancel()).data).toMatchObject({
      status: 'CANCELLED',
      cancelledAt: expect.any(String),
      lessonAt: one.lesson.lessonAt,
    });
    expect((await one.events()).slice(-2)).toEqual(['PtCancellationRequested', 'PtOrderCancelled']);
  });

  it('of what nobody has taken in yet is accepted, too; what is told late changes nothing', async () => {
    const one = await running.ordered();
    expect((await one.cancel()).data).toMatchObject({ status: 'CANCELLING' });
    const before = await running.handled();
    for (const step of [one.accepted, one.assigned, one.confirmed]) await step();
    await eventually(async () => (await running.handled()) >= before + 3);
    expect(await one.shown()).toMatchObject({ status: 'CANCELLING', acknowledgedAt: null, confirmedAt: null });
    await one.freed();
    await one.is('CANCELLED');
    expect(await one.events()).toEqual(['PtOrdered', 'PtCancellationRequested', 'PtOrderCancelled']);
  });

  it('is rejected when the lesson had been held, however that is told', async () => {
    const [told, heard, both] = [await running.ordered(), await running.ordered(), await running.ordered()];
    for (const one of [told, heard, both]) await one.cancel();
    await told.refused(2);
    await heard.posted(2);
    for (const step of [both.posted, both.refused]) await step();
    for (const one of [told, heard, both]) {
      await one.is('COMPLETED');
      expect(await one.shown()).toMatchObject({ cancellationRejectedReason: 'LESSON_RESULT_POSTED', completedAt: expect.any(String) });
      expect((await one.cancel()).data).toMatchObject({ status: 'COMPLETED', cancellationRejectedReason: 'LESSON_RESULT_POSTED' });
      expect(await one.events()).toEqual(['PtOrdered', ...ASKED_AND_REJECTED]);
    }
    await told.posted();
    await eventually(async () => (await told.shown()).lessonAt === told.lesson.lessonAt);
    expect(await told.events()).toHaveLength(3);
  });

  it('of one that is completed is rejected at once, and told once', async () => {
    const one = await running.ordered();
    await one.posted();
    await one.is('COMPLETED');
    const { completedAt } = await one.shown();
    for (const _ of [1, 2])
      expect((await one.cancel()).data).toMatchObject({
        status: 'COMPLETED',
        cancellationRejectedReason: 'LESSON_RESULT_POSTED',
        completedAt,
      });
    expect(await one.events()).toEqual(['PtOrdered', 'PtOrderCompleted', 'PtCancellationRejected']);
  });

  it('is nobody else’s', async () => {
    const one = await running.ordered();
    await one.assigned();
    await eventually(async () => (await running.read(one.id, one.trainer)).data !== null);
    for (const actor of [stranger, one.trainer, manager, admin])
      expect((await running.cancel(one.id, actor)).refusal?.code).toBe('NOT_FOUND');
    expect((await running.cancel(uuidv7(), one.customer)).refusal?.code).toBe('NOT_FOUND');
    expect((await running.cancel('x', one.customer)).refusal).toMatchObject({ code: 'BAD_INPUT', field: 'orderId' });
    expect((await running.cancel(one.id, anonymous)).refusal?.code).toBe('UNAUTHENTICATED');
    expect((await one.shown()).status).toBe('ORDERED');
  });
});

describe('many races, on two replicas', () => {
  const RACES = 70;

  it('of a cancellation and all that managers and trainers tell: it is decided once, and knows its lesson', async () => {
    const orders = new Map<string, { held: boolean; events: () => Promise<string[]> }>();
    const before = await running.handled();
    let expected = 0;
    await times(RACES, async (turn) => {
      const one = await running.ordered();
      const held = turn % 2 === 0;
      orders.set(one.id, { held, events: one.events });
      const meanwhile = held ? [one.accepted, one.assigned, one.confirmed, one.posted] : [one.accepted, one.assigned, one.confirmed];
      const after = turn % (meanwhile.length + 1);
      expected += meanwhile.length + 1;
      const steps = meanwhile.map((step) => step());
      await Promise.all(steps.slice(0, after));
      expect((await one.cancel()).refusal).toBeUndefined();
      await Promise.all(steps);
      await (held ? one.refused() : one.freed());
    });
    await eventually(async () => (await running.handled()) === before + expected, { withinMs: 25_000 });
    const ids = [...orders.keys()];
    const rows = await running.rows<{ id: string; status: string; lessonAt: Date | null; trainerId: string | null }>(
      'SELECT id, status, "lessonAt", "trainerId" FROM "PtOrder" WHERE id = ANY($1::uuid[])',
      ids,
    );
    expect(rows).toHaveLength(RACES);
    for (const { id, status, lessonAt, trainerId } of rows) {
      const { held = false, events } = orders.get(id) ?? {};
      const told = (await events?.()) ?? [];
      expect({ status, lessonAt, trainerId }, told.join(', ')).toEqual({
        status: held ? 'COMPLETED' : 'CANCELLED',
        lessonAt: expect.any(Date),
        trainerId: expect.any(String),
      });
      expect(new Set(told).size, told.join(', ')).toBe(told.length);
      const decided = told.filter((name) => name === 'PtOrderCancelled' || name === 'PtCancellationRejected');
      expect(decided).toEqual([held ? 'PtCancellationRejected' : 'PtOrderCancelled']);
    }
  });
});
