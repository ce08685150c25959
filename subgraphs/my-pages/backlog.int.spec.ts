import { eventually } from '@madang/kernel/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ptOrdersView } from './read-models/pt-orders.ts';
import { textbookApplicationsView } from './read-models/textbook-applications.ts';
import { heard, retold, story } from './testing/happenings.ts';
import { untilHandled } from './testing/rebuilding.ts';
import { type RunningMyPages, runningMyPages } from './testing/running-my-pages.ts';
import { PT_STORIES } from './testing/stories/pt-orders.ts';

let running: RunningMyPages;
beforeAll(async () => {
  running = await runningMyPages();
  await running.rest();
});
afterAll(() => running.close());

let numbers = 0;
const account = (number: number) => `01900000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
const times = Array.from({ length: 60 }, (_, at) => at);
const APPLIED = ['TextbookApplied', 'TextbookApplicationPaid', 'TextbookApplicationDelivering', 'TextbookApplicationDelivered'] as const;

describe('what has gathered while my-pages was away', () => {
  const textbooks = times.map((at) => retold(story(...APPLIED), ++numbers, account(at % 7)));
  const orders = Object.values(PT_STORIES).flatMap((one) => times.slice(0, 8).map((at) => retold(one, ++numbers, account(at % 7))));
  const idOf = (happenings: (typeof textbooks)[number]) => {
    const { applicationId, orderId } = { applicationId: undefined, orderId: undefined, ...happenings[0]?.data };
    return String(applicationId ?? orderId);
  };

  it('is written many events at a time: each once, in order, and each change is told', async () => {
    // Event by event of all of them, as they happen side by side; and each twice, as after a crash.
    await running.publishAll(
      APPLIED.flatMap((_, step) => textbooks.flatMap((happenings) => happenings[step] ?? [])),
      2,
    );
    await running.publishAll(orders.flat());
    await running.replica();
    const rows = () =>
      Promise.all([running.rowsOf(textbookApplicationsView, textbooks.map(idOf)), running.rowsOf(ptOrdersView, orders.map(idOf))]);
    const expected = [
      textbooks.map((happenings) => heard(textbookApplicationsView, happenings).row),
      orders.map((happenings) => heard(ptOrdersView, happenings).row),
    ];
    await eventually(async () => expect(await rows()).toEqual(expected), { withinMs: 20_000, everyMs: 100 });
    await untilHandled(running);

    const told = Map.groupBy(await running.told(), ({ rowId }) => rowId);
    for (const happenings of textbooks)
      expect(told.get(idOf(happenings))?.map(({ status }) => status)).toEqual(['APPLIED', 'PAID', 'DELIVERING', 'DELIVERED']);
    for (const happenings of orders) {
      const { row } = heard(ptOrdersView, happenings);
      expect(told.get(idOf(happenings))?.at(-1)?.status).toBe(row?.status);
    }
    const [written] = await running.sql<{ events: number; commits: number }>(
      `SELECT count(*)::int AS events, count(DISTINCT at)::int AS commits FROM kernel.inbox WHERE handler LIKE 'TextbookApplicationRow/%'`,
    );
    expect(written?.events).toBe(textbooks.length * APPLIED.length);
    expect(written?.commits).toBeLessThan(textbooks.length * 2);
  });

  it('is written by two replicas as by one', async () => {
    await running.rest();
    const more = times.map((at) =>
      retold(story(...APPLIED, 'PaymentApproved', 'DeliveryStarted', 'DeliveryCompleted'), ++numbers, account(at % 7)),
    );
    await running.publishAll(more.flat(), 2);
    await Promise.all([running.replica(), running.replica()]);
    const expected = more.map((happenings) => heard(textbookApplicationsView, happenings).row);
    await eventually(async () => expect(await running.rowsOf(textbookApplicationsView, more.map(idOf))).toEqual(expected), {
      withinMs: 20_000,
      everyMs: 100,
    });
  });
});
