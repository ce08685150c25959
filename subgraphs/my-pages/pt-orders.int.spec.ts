import { user } from '@madang/kernel/domain';
import { eventually } from '@madang/kernel/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ptOrdersView } from './read-models/pt-orders.ts';
import { type Happening, heard, retold, TRAINER } from './testing/happenings.ts';
import { type RunningMyPages, runningMyPages } from './testing/running-my-pages.ts';
import { PT_STORIES } from './testing/stories/pt-orders.ts';

let running: RunningMyPages;
beforeAll(async () => {
  running = await runningMyPages();
});
afterAll(() => running.close());

let numbers = 0;
const customer = () => user(`01900000-0000-7000-8000-${(++numbers).toString(16).padStart(12, '0')}`, 'CUSTOMER');
const manager = user('01900000-0000-7000-8000-0000000000fe', 'CUSTOMER', 'MANAGER');
const trainer = user(TRAINER, 'CUSTOMER', 'TRAINER');
const of = (account: { accountId: string }, story: string) => retold(PT_STORIES[story] ?? [], ++numbers, account.accountId);
const told = (happenings: readonly Happening[], name: string) =>
  ({ ...happenings.find(({ definition }) => definition.eventName === name)?.data }) as Record<string, unknown>;
const idOf = (happenings: readonly Happening[]): string => String(told(happenings, 'PtOrdered').orderId);

const ROW = `{ __typename id order { __typename id } account { id } ptClass { __typename id } className durationMinutes price status cancellationRejectedReason
  assignment { __typename id } assignmentStatus trainer { __typename id } schedule { __typename id } scheduleStatus lessonAt lessonAtInSeoul endsAt result
  resultPostedAt orderedAt acknowledgedAt confirmedAt completedAt cancelledAt cancellationRejectedAt updatedAt }`;
const LIST = `ptOrders(first: $first, after: $after, status: $status) { edges { node ${ROW} } pageInfo { hasNextPage endCursor } }`;
const query = (page: string) => `query ($first: Int, $after: String, $status: MyPagePtOrderStatus) { ${page} { ${LIST} } }`;
type Page = { edges: { node: { id: string; status: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
const page = async (which: 'myPage' | 'operationsPage', actor: ReturnType<typeof user>, args: object = {}) =>
  (await running.ask(query(which), args, actor)).data[which].ptOrders as Page;
const rowsOf = async (...asked: Parameters<typeof page>) => (await page(...asked)).edges.map(({ node }) => node);
const ids = async (...asked: Parameters<typeof page>) => (await rowsOf(...asked)).map(({ id }) => id);

describe('the page of a customer', () => {
  it('shows a PT order with its assignment, its schedule and the lesson’s result', async () => {
    const me = customer();
    const happenings = of(me, 'taught, and then asked to be cancelled');
    const at = (name: string) => told(happenings, name);
    await running.publishAll(happenings, 2);
    await eventually(async () =>
      expect(await rowsOf('myPage', me)).toEqual([
        {
          __typename: 'MyPagePtOrder',
          id: idOf(happenings),
          order: { __typename: 'PtOrder', id: idOf(happenings) },
          account: { id: me.accountId },
          ptClass: { __typename: 'PtClass', id: at('PtOrdered').classId },
          className: '자세 교정 PT',
          durationMinutes: 50,
          price: 60_000,
          status: 'COMPLETED',
          cancellationRejectedReason: 'LESSON_RESULT_POSTED',
          assignment: { __typename: 'TrainerAssignment', id: at('TrainerAssigned').assignmentId },
          assignmentStatus: 'ORDER_CONFIRMED',
          trainer: { __typename: 'Trainer', id: TRAINER },
          schedule: { __typename: 'PtSchedule', id: at('PtScheduleConfirmed').scheduleId },
          scheduleStatus: 'RESULT_POSTED',
          lessonAt: '2026-11-25T01:00:00.000Z',
          lessonAtInSeoul: '2026-11-25T10:00:00+09:00',
          endsAt: '2026-11-25T01:50:00.000Z',
          result: '스쿼트 자세가 좋아졌습니다.',
          resultPostedAt: at('LessonResultPosted').at,
          orderedAt: at('PtOrdered').at,
          acknowledgedAt: at('PtOrderAcknowledged').at,
          confirmedAt: at('PtOrderConfirmed').at,
          completedAt: at('PtOrderCompleted').at,
          cancelledAt: null,
          cancellationRejectedAt: at('PtCancellationRejected').at,
          updatedAt: happenings.at(-1)?.data.at,
        },
      ]),
    );
    expect(await ids('myPage', trainer)).toEqual([]);
  });

  it('comes in pages and by status; operations see everybody’s', async () => {
    const [me, other] = [customer(), customer()];
    const stories = ['only ordered', 'confirmed, and cancelled', 'cancelled before it was taken in'];
    const all = stories.map((story) => of(me, story));
    const others = of(other, 'only ordered');
    await running.publishAll([...all.flat(), ...others]);
    const [ordered, confirmed, cancelled] = all.map(idOf);
    await eventually(async () => expect(await ids('myPage', me, { status: 'CANCELLED' })).toEqual([cancelled, confirmed]));
    await eventually(async () => expect(await ids('myPage', me, { status: 'ORDERED' })).toEqual([ordered]));
    const first = await page('myPage', me, { first: 2 });
    expect(first.pageInfo.hasNextPage).toBe(true);
    expect(await ids('myPage', me, { after: first.pageInfo.endCursor })).toEqual([ordered]);
    await eventually(async () =>
      expect(await ids('operationsPage', manager, { status: 'ORDERED', first: 2 })).toEqual([idOf(others), ordered]),
    );
    expect((await running.ask(query('operationsPage'), {}, trainer)).refusal?.code).toBe('FORBIDDEN');
  });

  it('tells each change of a row, and what it came to', async () => {
    const me = customer();
    const happenings = of(me, 'taught while it was being cancelled');
    await running.publishAll(happenings);
    const mine = async () => (await running.told()).filter(({ rowId }) => rowId === idOf(happenings));
    await eventually(async () => expect((await mine()).at(-1)).toMatchObject({ view: 'PT_ORDER', status: 'COMPLETED' }));
  });
});

describe('many events of three streams at once', () => {
  it('come to the rows that they tell of, on two replicas', async () => {
    await running.replica();
    const me = customer();
    const all = Object.keys(PT_STORIES).flatMap((story) => Array.from({ length: 8 }, () => of(me, story)));
    await running.publishAll(all.flat(), 2);
    const expected = all.map((happenings) => heard(ptOrdersView, happenings).row);
    const rows = () => running.rowsOf(ptOrdersView, all.map(idOf));
    await eventually(async () => expect(await rows()).toEqual(expected), { withinMs: 20_000, everyMs: 100 });
  });
});
