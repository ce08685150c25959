import { user } from '@madang/kernel/domain';
import { eventually } from '@madang/kernel/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleaningReservationsView } from './read-models/cleaning-reservations.ts';
import { type Happening, heard, retold } from './testing/happenings.ts';
import { type RunningMyPages, runningMyPages } from './testing/running-my-pages.ts';
import { CLEANING_STORIES } from './testing/stories/cleanings.ts';

let running: RunningMyPages;
beforeAll(async () => {
  running = await runningMyPages();
});
afterAll(() => running.close());

let numbers = 0;
const customer = () => user(`01900000-0000-7000-8000-${(++numbers).toString(16).padStart(12, '0')}`, 'CUSTOMER');
const manager = user('01900000-0000-7000-8000-0000000000fe', 'CUSTOMER', 'MANAGER');
const of = (account: { accountId: string }, story: string) => retold(CLEANING_STORIES[story] ?? [], ++numbers, account.accountId);
const told = (happenings: readonly Happening[], name: string) =>
  ({ ...happenings.find(({ definition }) => definition.eventName === name)?.data }) as Record<string, unknown>;
const idOf = (happenings: readonly Happening[]): string => String(told(happenings, 'PaymentApproved').reference);
const publishAll = async (happenings: readonly Happening[]) => {
  for (const happening of happenings) await running.publish(happening, 2);
};

const ROW = `{ __typename id reservation { __typename id } account { id } title amount place cleaningAt cleaningAtInSeoul status cancellationRejectedReason
  payment { __typename id } paymentStatus refunded cleaning { __typename id } cleaningStatus reservedAt confirmedAt doneAt cancelledAt updatedAt }`;
const LIST = `cleaningReservations(first: $first, after: $after, status: $status) { edges { node ${ROW} } pageInfo { hasNextPage endCursor } }`;
const query = (page: string) => `query ($first: Int, $after: String, $status: MyPageCleaningReservationStatus) { ${page} { ${LIST} } }`;
type Page = { edges: { node: { id: string; status: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
const page = async (which: 'myPage' | 'operationsPage', actor: ReturnType<typeof user>, args: object = {}) =>
  (await running.ask(query(which), args, actor)).data[which].cleaningReservations as Page;
const rowsOf = async (...asked: Parameters<typeof page>) => (await page(...asked)).edges.map(({ node }) => node);

describe('the page of a customer', () => {
  it('shows a cleaning reservation with its payment and its cleaning', async () => {
    const me = customer();
    const happenings = of(me, 'confirmed, and cancelled');
    await publishAll(happenings);
    await eventually(async () =>
      expect(await rowsOf('myPage', me)).toMatchObject([{ status: 'CANCELLED', paymentStatus: 'CANCELLED', cleaningStatus: 'CANCELLED' }]),
    );
    const at = (name: string) => told(happenings, name);
    expect(await rowsOf('myPage', me)).toMatchObject([
      {
        __typename: 'MyPageCleaningReservation',
        id: idOf(happenings),
        reservation: { __typename: 'CleaningReservation', id: idOf(happenings) },
        account: { id: me.accountId },
        cleaningAt: '2026-11-25T01:00:00.000Z',
        cleaningAtInSeoul: '2026-11-25T10:00:00+09:00',
        payment: { __typename: 'Payment', id: at('PaymentApproved').paymentId },
        refunded: 36_000,
        cleaning: { __typename: 'Cleaning', id: at('CleaningRequested').cleaningId },
        confirmedAt: at('CleaningReservationConfirmed').at,
        cancelledAt: at('CleaningReservationCancelled').at,
      },
    ]);
  });

  it('comes in pages, by status, without what was never reserved; operations see everybody’s', async () => {
    const me = customer();
    const stories = ['cleaned, and then asked to be cancelled', 'never reserved, and given back', 'confirmed, and cancelled'];
    const all = stories.map((story) => of(me, story));
    for (const happenings of all) await publishAll(happenings);
    const [done, , cancelled] = all.map(idOf);
    const ids = async (...asked: Parameters<typeof page>) => (await rowsOf(...asked)).map(({ id }) => id);
    await eventually(async () => expect(await ids('myPage', me, { status: 'CANCELLED' })).toEqual([cancelled]));
    await eventually(async () => expect(await ids('myPage', me, { status: 'DONE' })).toEqual([done]));
    const first = await page('myPage', me, { first: 1 });
    expect(first.pageInfo.hasNextPage).toBe(true);
    expect(first.edges.map(({ node }) => node.id)).toEqual([cancelled]);
    expect(await ids('myPage', me, { after: first.pageInfo.endCursor })).toEqual([done]);
    expect(await ids('operationsPage', manager, { first: 2 })).toEqual([cancelled, done]);
    expect((await running.ask(query('operationsPage'), {}, me)).refusal?.code).toBe('FORBIDDEN');
  });

  it('tells each change of a row', async () => {
    const me = customer();
    const happenings = of(me, 'cleaned while it was being cancelled');
    await publishAll(happenings);
    const mine = async () => (await running.told()).filter(({ rowId }) => rowId === idOf(happenings));
    await eventually(async () => expect((await mine()).at(-1)).toMatchObject({ view: 'CLEANING_RESERVATION', status: 'DONE' }));
  });
});

describe('many events of three streams at once', () => {
  it('come to the rows that they tell of, on two replicas', async () => {
    await running.replica();
    const me = customer();
    const all = Object.keys(CLEANING_STORIES).flatMap((story) => Array.from({ length: 10 }, () => of(me, story)));
    await running.publishAll(all.flat(), 2);
    const expected = all.map((happenings) => heard(cleaningReservationsView, happenings).row);
    const rows = () => running.rowsOf(cleaningReservationsView, all.map(idOf));
    await eventually(async () => expect(await rows()).toEqual(expected), { withinMs: 20_000, everyMs: 100 });
  });
});
