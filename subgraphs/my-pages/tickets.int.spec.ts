import { user } from '@madang/kernel/domain';
import { eventually } from '@madang/kernel/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ticketsView } from './read-models/tickets.ts';
import { type Happening, heard, retold } from './testing/happenings.ts';
import { type RunningMyPages, runningMyPages } from './testing/running-my-pages.ts';
import { TICKET_STORIES } from './testing/stories/tickets.ts';

let running: RunningMyPages;
beforeAll(async () => {
  running = await runningMyPages();
});
afterAll(() => running.close());

let numbers = 0;
const customer = () => user(`01900000-0000-7000-8000-${(++numbers).toString(16).padStart(12, '0')}`, 'CUSTOMER');
const manager = user('01900000-0000-7000-8000-0000000000fe', 'CUSTOMER', 'MANAGER');
const of = (account: { accountId: string }, story: string) => retold(TICKET_STORIES[story] ?? [], ++numbers, account.accountId);
const idOf = ([approved]: readonly Happening[]): string => String({ reference: '', ...approved?.data }.reference);
const publishAll = async (happenings: readonly Happening[]) => {
  for (const happening of happenings) await running.publish(happening, 2);
};

const ROW = `{ __typename id ticket { __typename id } account { id } type status amount usingMinutes purchasedAt validUntil payment { __typename id }
  paymentStatus refunded rental { __typename id } kickboard { __typename id } kickboardSerial rentedAt dueAt returnedAt overdue updatedAt }`;
const LIST = `tickets(first: $first, after: $after, status: $status) { edges { node ${ROW} } pageInfo { hasNextPage endCursor } }`;
const query = (page: string, more = '') =>
  `query ($first: Int, $after: String, $status: MyPageTicketStatus) { ${page} { ${more} ${LIST} } }`;
type Page = { remainingTickets: number; tickets: { edges: { node: { id: string } }[]; pageInfo: { endCursor: string } } };
const mine = async (actor: ReturnType<typeof user>, args: object = {}) =>
  (await running.ask(query('myPage', 'remainingTickets'), args, actor)).data.myPage as Page;
const ids = (page: Page) => page.tickets.edges.map(({ node }) => node.id);

describe('the page of a customer', () => {
  it('counts the tickets that are left at once, and shows what was ridden', async () => {
    const me = customer();
    const [ridden, left, voided] = ['redeemed after the ride', 'used and released', 'voided by its refund'].map((story) => of(me, story));
    await publishAll((ridden ?? []).slice(0, 2));
    await publishAll(left ?? []);
    await eventually(async () => expect((await mine(me)).remainingTickets).toBe(2));
    await publishAll((ridden ?? []).slice(2, 3));
    await eventually(async () => expect((await mine(me)).remainingTickets).toBe(1));
    await publishAll((ridden ?? []).slice(3));
    await publishAll(voided ?? []);
    await eventually(async () => expect(ids(await mine(me, { status: 'VOIDED' }))).toEqual([idOf(voided ?? [])]));
    await eventually(async () =>
      expect((await mine(me, { status: 'USED' })).tickets.edges).toMatchObject([
        {
          node: {
            __typename: 'MyPageTicket',
            id: idOf(ridden ?? []),
            ticket: { __typename: 'Ticket' },
            rental: { __typename: 'Rental' },
            kickboard: { __typename: 'Kickboard' },
            kickboardSerial: 'MD-0001',
            returnedAt: expect.any(String),
          },
        },
      ]),
    );
    const page = await mine(me, { first: 2 });
    expect(ids(page)).toEqual([idOf(voided ?? []), idOf(left ?? [])]);
    expect(ids(await mine(me, { after: page.tickets.pageInfo.endCursor }))).toEqual([idOf(ridden ?? [])]);
    expect((await mine(customer())).remainingTickets).toBe(0);
  });

  it('operations see everybody’s, and what was ridden for nothing', async () => {
    const me = customer();
    const refunded = of(me, 'used when it was refunded');
    await publishAll(refunded);
    await publishAll(of(me, 'ridden with, and returned late'));
    const given = `{ operationsPage { tickets(status: USED, paymentCancelled: true) { edges { node { id } } } } }`;
    await eventually(async () => {
      const { data } = await running.ask(given, {}, manager);
      expect(ids(data.operationsPage)).toEqual([idOf(refunded)]);
    });
    expect((await running.ask(query('operationsPage'), {}, me)).refusal?.code).toBe('FORBIDDEN');
  });
});

describe('many events of three streams at once', () => {
  it('come to the rows that they tell of, on two replicas', async () => {
    await running.replica();
    const me = customer();
    const all = Object.keys(TICKET_STORIES).flatMap((story) => Array.from({ length: 5 }, () => of(me, story)));
    await running.publishAll(all.flat(), 2);
    const expected = all.map((happenings) => heard(ticketsView, happenings).row);
    const rows = () => running.rowsOf(ticketsView, all.map(idOf));
    await eventually(async () => expect(await rows()).toEqual(expected), { withinMs: 20_000, everyMs: 100 });
  });
});
