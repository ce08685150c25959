import { eventually } from '@madang/kernel/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, type RunningKickboards, runningKickboards, type Shown } from './testing/running-kickboards.ts';

const FIFTY = Array.from({ length: 50 });
let running: RunningKickboards;
let isUp = true;
beforeAll(async () => {
  running = await runningKickboards({ replicas: 2 });
}, 60_000);
afterAll(() => running?.close());

async function tickets(state: 'up' | 'down'): Promise<void> {
  if (state === 'up' && !isUp) await running.tickets.start();
  if (state === 'down' && isUp) await running.tickets.kill();
  isUp = state === 'up';
}
beforeEach(() => tickets('up'));

const winners = (answers: Answer<Shown>[]) => answers.flatMap(({ data }) => data ?? []);
const codes = (answers: Answer<Shown>[]) => [...new Set(answers.flatMap(({ refusal }) => refusal?.code ?? []))];

/** Until tickets have been told all that was rented or let go, and have told it back. */
async function settled(): Promise<void> {
  await tickets('up');
  await eventually(async () => (await running.intents()).length === 0, { withinMs: 30_000 });
}

describe.each(['up', 'down'] as const)('with tickets %s', (state) => {
  it('of fifty rents with one ticket one wins', async () => {
    const customer = running.customer();
    const ticket = await running.ticket(customer);
    const boards = await Promise.all(FIFTY.map(() => running.board()));
    await tickets(state);
    const answers = await Promise.all(boards.map(({ id }) => running.rent(customer, id, ticket)));
    expect(winners(answers)).toMatchObject([{ status: 'RENTED', ticket: { id: ticket } }]);
    expect(codes(answers)).toEqual(['TICKET_USED']);
    await settled();
    const [won] = winners(answers);
    expect(await running.rental(won?.id ?? '', customer)).toMatchObject({ status: 'RENTED', redemption: 'REDEEMED' });
    expect(await running.rows('SELECT id FROM "Rental" WHERE "ticketId" = $1', ticket)).toEqual([{ id: won?.id }]);
    expect(await running.ticketRows('SELECT "rentalId" FROM "Ticket" WHERE id = $1', ticket)).toEqual([{ rentalId: won?.id }]);
    const free = await Promise.all(boards.map(({ id }) => running.kickboard(id)));
    expect(free.filter((board) => board?.status === 'AVAILABLE')).toHaveLength(49);
  }, 60_000);

  it('of fifty rents of one kickboard with fifty tickets one wins, and the others keep theirs', async () => {
    const customers = FIFTY.map(() => running.customer());
    const held = await Promise.all(customers.map(async (customer) => ({ customer, ticket: await running.ticket(customer) })));
    const { id } = await running.board();
    await tickets(state);
    const answers = await Promise.all(held.map(({ customer, ticket }) => running.rent(customer, id, ticket)));
    expect(winners(answers)).toHaveLength(1);
    expect(codes(answers)).toEqual(['KICKBOARD_RENTED']);
    await settled();
    const [won] = winners(answers);
    expect(await running.published(id)).toEqual(['KickboardRegistered', 'KickboardRented']);
    for (const { ticket } of held) expect(await running.ticketStatus(ticket)).toBe(ticket === won?.ticket.id ? 'USED' : 'AVAILABLE');
  }, 60_000);
});

describe('a dozen who rent, ride and return the same kickboard, tickets killed and started meanwhile', () => {
  it('have it one at a time, with a ticket each', async () => {
    const { id } = await running.board();
    const held = await Promise.all(
      FIFTY.slice(0, 12).map(async () => {
        const customer = running.customer();
        return { customer, ticket: await running.ticket(customer) };
      }),
    );
    const ridden: string[] = [];
    const rides = held.map(({ customer, ticket }) =>
      eventually(
        async () => {
          const { data, refusal } = await running.rent(customer, id, ticket);
          if (refusal) expect(['KICKBOARD_RENTED', 'TRY_AGAIN_LATER']).toContain(refusal.code);
          if (!data) return false;
          ridden.push(data.id);
          return (await running.giveBack(customer, data.id)).data?.status === 'RETURNED';
        },
        { withinMs: 40_000, everyMs: 30 },
      ),
    );
    await tickets('down');
    await eventually(() => ridden.length >= 4, { withinMs: 30_000 });
    await tickets('up');
    await Promise.all(rides);
    await settled();
    const story = await running.published(id);
    expect(story.slice(1)).toEqual(held.flatMap(() => ['KickboardRented', 'KickboardReturned']));
    for (const { ticket } of held) expect(await running.ticketStatus(ticket)).toBe('USED');
    expect(await running.rows('SELECT DISTINCT redemption FROM "Rental" WHERE "kickboardId" = $1', id)).toEqual([
      { redemption: 'REDEEMED' },
    ]);
  }, 90_000);
});
