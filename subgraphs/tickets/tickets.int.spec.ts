import { anonymous, user } from '@madang/kernel/domain';
import { eventually } from '@madang/kernel/testing';
import { PaymentCancelled } from '@madang/payments/events';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manager, type RunningTickets, runningTickets, type Shown, TICKET } from './testing/running-tickets.ts';

const DAY = 24 * 3_600_000;
let past = 0;
let running: RunningTickets;
beforeAll(async () => {
  running = await runningTickets({ replicas: 2, clock: { now: () => new Date(Date.now() + past) } });
});
afterAll(() => running?.close());

async function bought(customer = running.customer()) {
  const { data } = await running.purchase(customer);
  if (!data) throw new Error('not bought');
  return { customer, ticket: data, rentalId: uuidv7() };
}
const statusOf = async (ticket: Shown) => (await running.ticket(ticket.id, manager))?.status;

const OPERATIONS = `query ($status: TicketStatus, $paymentCancelled: Boolean) {
  operationsTickets(status: $status, paymentCancelled: $paymentCancelled, first: 100) { edges { node { id } } } }`;
const OF_ACCOUNT = `query ($id: ID!, $first: Int, $after: String, $status: TicketStatus) { _entities(representations: [{ __typename: "Account", id: $id }]) {
  ... on Account { tickets(first: $first, after: $after, status: $status) { edges { node ${TICKET} } pageInfo { hasNextPage endCursor } } } } }`;
type Connection = { edges: { node: Shown }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };

describe('redeeming and releasing', () => {
  it('uses a ticket for one rental, and gives the same answer again', async () => {
    const { customer, ticket, rentalId } = await bought();
    const { data } = await running.redeem(ticket, customer, rentalId);
    expect(data).toMatchObject({ status: 'USED', rental: { id: rentalId }, usedAt: expect.any(String) });
    expect((await running.redeem(ticket, customer, rentalId)).data).toEqual(data);
    expect((await running.redeem(ticket, customer, uuidv7())).refusal?.code).toBe('TICKET_USED');
    expect(await running.published(ticket.id)).toEqual(['TicketPurchased', 'TicketUsed']);
  });

  it('of fifty rentals at once lets one have it', async () => {
    const { customer, ticket } = await bought();
    const answers = await Promise.all(Array.from({ length: 50 }, () => running.redeem(ticket, customer, uuidv7())));
    expect(answers.filter(({ data }) => data?.status === 'USED')).toHaveLength(1);
    expect(answers.filter(({ refusal }) => refusal?.code === 'TICKET_USED')).toHaveLength(49);
    expect(await running.published(ticket.id)).toEqual(['TicketPurchased', 'TicketUsed']);
  });

  it('gives it back for good, also when the release overtakes the redeeming', async () => {
    const { customer, ticket, rentalId } = await bought();
    await running.redeem(ticket, customer, rentalId);
    expect((await running.release(ticket, customer, rentalId)).data).toMatchObject({ status: 'AVAILABLE', rental: null });
    expect((await running.release(ticket, customer, rentalId)).data?.status).toBe('AVAILABLE');
    expect((await running.redeem(ticket, customer, rentalId)).refusal?.code).toBe('RENTAL_RELEASED');
    const early = uuidv7();
    expect((await running.release(ticket, customer, early)).data?.status).toBe('AVAILABLE');
    expect((await running.redeem(ticket, customer, early)).refusal?.code).toBe('RENTAL_RELEASED');
    const next = uuidv7();
    expect((await running.redeem(ticket, customer, next)).data?.status).toBe('USED');
    expect((await running.release(ticket, customer, rentalId)).data?.status).toBe('USED');
    expect(await running.published(ticket.id)).toEqual(['TicketPurchased', 'TicketUsed', 'TicketReleased', 'TicketUsed']);
  });

  it("is for other contexts, of the owner's tickets", async () => {
    const { customer, ticket, rentalId } = await bought();
    for (const actor of [customer, manager, anonymous]) {
      expect((await running.redeem(ticket, customer, rentalId, new Date(), actor)).refusal?.code).toBe('FORBIDDEN');
      expect((await running.release(ticket, customer, rentalId, actor)).refusal?.code).toBe('FORBIDDEN');
    }
    expect((await running.redeem(ticket, running.customer(), rentalId)).refusal?.code).toBe('TICKET_NOT_FOUND');
    expect((await running.release(ticket, running.customer(), rentalId)).refusal?.code).toBe('TICKET_NOT_FOUND');
    expect((await running.redeem({ id: uuidv7() }, customer, rentalId)).refusal?.code).toBe('TICKET_NOT_FOUND');
    expect((await running.redeem({ id: 'x' }, customer, rentalId)).refusal).toMatchObject({ code: 'BAD_INPUT', field: 'ticketId' });
    expect(await statusOf(ticket)).toBe('AVAILABLE');
  });
});

describe('a payment that is cancelled', () => {
  const cancelled = (ticket: Shown) =>
    running.publish(PaymentCancelled, { context: 'tickets', reference: ticket.id, paymentId: uuidv7(), refunded: 1_000 });
  const listed = async (args: object) =>
    (await running.ask<Connection>(OPERATIONS, args, manager)).data?.edges.map(({ node }) => node.id) ?? [];

  it('voids what is not used', async () => {
    const { customer, ticket, rentalId } = await bought();
    await cancelled(ticket);
    await eventually(async () => (await statusOf(ticket)) === 'VOIDED');
    expect((await running.redeem(ticket, customer, rentalId)).refusal?.code).toBe('TICKET_VOIDED');
    expect(await running.published(ticket.id)).toEqual(['TicketPurchased', 'TicketVoided']);
  });

  it('leaves what is used, for operations to look at, until the rental gives it back', async () => {
    const { customer, ticket, rentalId } = await bought();
    await running.redeem(ticket, customer, rentalId);
    expect(await listed({ paymentCancelled: true, status: 'USED' })).not.toContain(ticket.id);
    await cancelled(ticket);
    await eventually(async () => (await running.ticket(ticket.id, manager))?.paymentCancelled === true);
    expect(await statusOf(ticket)).toBe('USED');
    expect(await listed({ paymentCancelled: true, status: 'USED' })).toContain(ticket.id);
    expect((await running.release(ticket, customer, rentalId)).data?.status).toBe('VOIDED');
    expect((await running.ask(OPERATIONS, {}, customer)).refusal?.code).toBe('FORBIDDEN');
  });
});

describe('watching and listing', () => {
  type Change = { status: string; cursor: string; ticket: Shown };
  const WATCH = (args = '') => `subscription { ticketStatusChanged${args} { status occurredAt cursor ticket ${TICKET} } }`;

  it('tells each status of your own, and again what was missed', async () => {
    const { customer, ticket, rentalId } = await bought();
    const all = await running.watch<Change>(WATCH(), manager);
    await eventually(async () => {
      await bought();
      return all.seen.length > 0;
    });
    await running.redeem(ticket, customer, rentalId);
    await running.release(ticket, customer, rentalId);
    const own = await eventually(() => {
      // The purchase may have been told before or after the subscription began.
      const those = all.seen.filter((change) => change.ticket.id === ticket.id);
      const used = those.findIndex(({ status }) => status === 'USED');
      return used >= 0 && those.length - used === 2 && those.slice(used);
    });
    await all.stop();
    expect(own).toMatchObject([{ status: 'USED' }, { status: 'AVAILABLE', ticket: { account: { id: customer.accountId } } }]);
    const after = own[0]?.cursor;
    const again = await running.watch<Change>(WATCH(`(ticketId: "${ticket.id}", after: "${after}")`), customer);
    await eventually(() => again.seen.length === 1);
    expect(again.seen).toMatchObject([{ status: 'AVAILABLE', ticket: { phone: '01012345678' } }]);
    await again.stop();
    const stranger = running.customer();
    expect(await (await running.watch(WATCH(`(ticketId: "${ticket.id}")`), stranger)).ended).toBe('NOT_FOUND');
    expect(await (await running.watch(WATCH(), anonymous)).ended).toBe('UNAUTHENTICATED');
    expect(await running.ticket(ticket.id, stranger)).toBeNull();
  });

  it('comes newest first, in pages, by status', async () => {
    const { customer, ticket: first } = await bought();
    const { ticket: second, rentalId } = await bought(customer);
    const { ticket: third } = await bought(customer);
    await running.redeem(second, customer, rentalId);
    const list = async (args: object, actor = customer) =>
      (await running.ask<{ tickets: Connection }[]>(OF_ACCOUNT, { id: customer.accountId, ...args }, actor)).data?.[0]?.tickets;
    const ids = (connection: Connection | undefined) => connection?.edges.map(({ node }) => node.id);
    const page = await list({ first: 2 });
    expect(ids(page)).toEqual([third.id, second.id]);
    expect(ids(await list({ first: 2, after: page?.pageInfo.endCursor }))).toEqual([first.id]);
    expect(ids(await list({ status: 'AVAILABLE' }))).toEqual([third.id, first.id]);
    expect(ids(await list({}, manager))).toHaveLength(3);
    expect(ids(await list({}, user(uuidv7())))).toEqual([]);
  });
});

describe('thirty days later', () => {
  it('what was not rented with has expired; what was, or began in time, has not', async () => {
    const [unused, used, late] = [await bought(), await bought(), await bought()];
    await running.redeem(used.ticket, used.customer, used.rentalId);
    const inTime = new Date();
    past = 30 * DAY;
    await eventually(async () => (await statusOf(unused.ticket)) === 'EXPIRED' && (await statusOf(late.ticket)) === 'EXPIRED');
    expect(await statusOf(used.ticket)).toBe('USED');
    expect(await running.published(unused.ticket.id)).toEqual(['TicketPurchased', 'TicketExpired']);
    expect((await running.redeem(unused.ticket, unused.customer, unused.rentalId, new Date(Date.now() + past))).refusal?.code).toBe(
      'TICKET_EXPIRED',
    );
    expect((await running.redeem(late.ticket, late.customer, late.rentalId, inTime)).data?.status).toBe('USED');
    expect((await running.release(used.ticket, used.customer, used.rentalId)).data?.status).toBe('EXPIRED');
  });
});
