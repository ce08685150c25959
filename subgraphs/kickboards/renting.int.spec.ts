import { anonymous } from '@madang/kernel/domain';
import { eventually } from '@madang/kernel/testing';
import { TicketUsed } from '@madang/tickets/events';
import { uuidv7 } from 'uuidv7';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { admin, manager, RENTAL, type RunningKickboards, runningKickboards, type Shown } from './testing/running-kickboards.ts';

const DAY = 24 * 3_600_000;
let past = 0;
let running: RunningKickboards;
let isUp = true;
beforeAll(async () => {
  running = await runningKickboards({ clock: { now: () => new Date(Date.now() + past) } });
}, 60_000);
afterAll(() => running?.close());

const down = async () => {
  await running.tickets.kill();
  isUp = false;
};
const up = async () => {
  if (!isUp) await running.tickets.start();
  isUp = true;
};
afterEach(async () => {
  past = 0;
  await up();
});

async function prepared(type?: string) {
  const customer = running.customer();
  const [board, ticket] = await Promise.all([running.board(), running.ticket(customer, type)]);
  return { customer, board, ticket };
}
const rentalsOf = (ticket: string) => running.rows('SELECT status FROM "Rental" WHERE "ticketId" = $1', ticket);
const settled = (id: string, redemption: string) =>
  eventually(async () => (await running.rental(id, manager))?.redemption === redemption, { withinMs: 20_000 });

describe('renting and returning', () => {
  it('takes the ticket, and the kickboard until it is returned', async () => {
    const { customer, board, ticket } = await prepared();
    const { data, refusal } = await running.rent(customer, board.id, ticket);
    expect(refusal).toBeUndefined();
    expect(data).toMatchObject({ status: 'RENTED', redemption: 'REDEEMED', overdue: false, kickboard: { status: 'RENTED' } });
    expect(await running.ticketStatus(ticket)).toBe('USED');
    const other = await prepared();
    expect((await running.rent(other.customer, board.id, other.ticket)).refusal?.code).toBe('KICKBOARD_RENTED');
    const back = await running.giveBack(customer, data?.id ?? '');
    expect(back.data).toMatchObject({
      status: 'RETURNED',
      returnedLat: 37.57,
      forced: false,
      overdue: false,
      kickboard: { lat: 37.57, status: 'AVAILABLE' },
    });
    expect((await running.giveBack(customer, data?.id ?? '', { lat: 0, lng: 0 })).data).toEqual(back.data);
    expect((await running.rent(customer, board.id, ticket)).refusal?.code).toBe('TICKET_USED');
    expect((await running.rent(other.customer, board.id, other.ticket)).data?.status).toBe('RENTED');
    expect(await running.published(board.id)).toEqual(['KickboardRegistered', 'KickboardRented', 'KickboardReturned', 'KickboardRented']);
  });

  it('later than the ticket allows is a return, too', async () => {
    const { customer, board, ticket } = await prepared();
    const { data } = await running.rent(customer, board.id, ticket);
    past = 61 * 60_000;
    expect(await running.rental(data?.id ?? '', customer)).toMatchObject({ status: 'RENTED', overdue: true });
    expect((await running.giveBack(customer, data?.id ?? '')).data).toMatchObject({ status: 'RETURNED', overdue: true });
  });

  it('may be forced by an ADMIN, and by nobody else', async () => {
    const { customer, board, ticket } = await prepared();
    const id = (await running.rent(customer, board.id, ticket)).data?.id ?? '';
    expect((await running.giveBack(running.customer(), id)).refusal?.code).toBe('NOT_FOUND');
    expect((await running.giveBack(manager, id)).refusal?.code).toBe('NOT_FOUND');
    expect((await running.giveBack(anonymous, id)).refusal?.code).toBe('UNAUTHENTICATED');
    expect((await running.giveBack(customer, id, { lat: 91, lng: 0 })).refusal).toMatchObject({ code: 'BAD_INPUT', field: 'lat' });
    expect((await running.giveBack(admin, id)).data).toMatchObject({ status: 'RETURNED', forced: true });
  });

  it('is refused, and leaves nothing, with a ticket that is none, another’s or expired', async () => {
    const { customer, board, ticket } = await prepared();
    expect((await running.rent(running.customer(), board.id, ticket)).refusal).toMatchObject({
      code: 'TICKET_NOT_FOUND',
      field: 'ticketId',
    });
    expect((await running.rent(customer, board.id, uuidv7())).refusal?.code).toBe('TICKET_NOT_FOUND');
    expect((await running.rent(customer, uuidv7(), ticket)).refusal?.code).toBe('NOT_FOUND');
    expect((await running.rent(customer, 'x', ticket)).refusal).toMatchObject({ code: 'BAD_INPUT', field: 'kickboardId' });
    expect((await running.rent(anonymous, board.id, ticket)).refusal?.code).toBe('UNAUTHENTICATED');
    const validFor = (days: number) =>
      running.ticketRows(`UPDATE "Ticket" SET "validUntil" = now() + $2 * interval '1 day' WHERE id = $1`, ticket, String(days));
    await validFor(0);
    expect((await running.rent(customer, board.id, ticket)).refusal).toMatchObject({ code: 'TICKET_EXPIRED', field: 'ticketId' });
    await validFor(30);
    expect(await rentalsOf(ticket)).toEqual([]);
    expect(await running.kickboard(board.id)).toMatchObject({ status: 'AVAILABLE' });
    expect(await running.published(board.id)).toEqual(['KickboardRegistered']);
    expect((await running.rent(customer, board.id, ticket)).data?.status).toBe('RENTED');
  });

  it('happens once for an idempotency key, which is free again when it was refused', async () => {
    const { customer, board, ticket } = await prepared();
    expect((await running.rent(customer, board.id, uuidv7(), 'key')).refusal?.code).toBe('TICKET_NOT_FOUND');
    const answers = await Promise.all([1, 2, 3].map(() => running.rent(customer, board.id, ticket, 'key')));
    const again = await running.rent(customer, board.id, ticket, 'key');
    expect(new Set([...answers, again].map(({ data }) => data?.id)).size).toBe(1);
    expect((await running.rent(customer, (await running.board()).id, ticket, 'key')).refusal?.code).toBe('IDEMPOTENCY_CONFLICT');
    expect(await running.published(board.id)).toEqual(['KickboardRegistered', 'KickboardRented']);
  });
});

describe('with tickets down', () => {
  it('what was heard of a ticket decides, and it is redeemed afterwards', async () => {
    const { customer, board, ticket } = await prepared('ONE_DAY');
    await down();
    const { data } = await running.rent(customer, board.id, ticket);
    expect(data).toMatchObject({ status: 'RENTED', redemption: 'PENDING' });
    const lasts = new Date(data?.dueAt ?? 0).getTime() - Date.now();
    expect(lasts).toBeGreaterThan(DAY - 60_000);
    expect((await running.giveBack(customer, data?.id ?? '')).data?.status).toBe('RETURNED');
    expect((await running.rent(customer, board.id, ticket)).refusal?.code).toBe('TICKET_USED');
    await up();
    await settled(data?.id ?? '', 'REDEEMED');
    expect(await running.ticketRows('SELECT "rentalId" FROM "Ticket" WHERE id = $1', ticket)).toEqual([{ rentalId: data?.id }]);
  }, 30_000);

  it('a used, unpaid, expired or another’s ticket is refused, and leaves nothing', async () => {
    const [used, expired, board] = [await prepared(), await prepared(), await running.board()];
    await running.rent(used.customer, used.board.id, used.ticket);
    await running.heard(used.ticket, 'USED');
    const elsewhere = await prepared();
    await running.publish(TicketUsed, {
      ticketId: elsewhere.ticket,
      accountId: elsewhere.customer.accountId,
      revision: 2,
      rentalId: uuidv7(),
    });
    await running.heard(elsewhere.ticket, 'USED');
    await down();
    const code = async (customer: Parameters<typeof running.rent>[0], ticket: string) =>
      (await running.rent(customer, board.id, ticket)).refusal?.code;
    expect(await code(used.customer, used.ticket)).toBe('TICKET_USED');
    expect(await code(elsewhere.customer, elsewhere.ticket)).toBe('TICKET_USED');
    expect(await code(used.customer, uuidv7())).toBe('TICKET_NOT_FOUND');
    expect(await code(used.customer, expired.ticket)).toBe('TICKET_NOT_FOUND');
    past = 30 * DAY;
    expect(await code(expired.customer, expired.ticket)).toBe('TICKET_EXPIRED');
    expect(await rentalsOf(expired.ticket)).toEqual([]);
    expect(await running.published(board.id)).toEqual(['KickboardRegistered']);
    past = 0;
    await running.rows('UPDATE kernel.intent SET due_at = now()');
    await up();
    await eventually(async () => (await running.intents()).length === 0, { withinMs: 20_000 });
    expect((await running.rent(expired.customer, board.id, expired.ticket)).data?.status).toBe('RENTED');
  }, 40_000);

  it('a rental in good faith goes on when tickets refuse it afterwards, and operations are told', async () => {
    const { customer, board, ticket } = await prepared();
    await down();
    await running.ticketRows(`UPDATE "Ticket" SET status = 'VOIDED' WHERE id = $1`, ticket);
    const { data } = await running.rent(customer, board.id, ticket);
    await up();
    await settled(data?.id ?? '', 'REFUSED');
    expect(await running.rental(data?.id ?? '', customer)).toMatchObject({ status: 'RENTED', redemptionRefusal: 'TICKET_VOIDED' });
    const { data: listed } = await running.ask<{ edges: { node: Shown }[] }>(
      `query { operationsRentals(redemption: REFUSED, status: RENTED) { edges { node ${RENTAL} } } }`,
      {},
      manager,
    );
    expect(listed?.edges.map(({ node }) => node.id)).toEqual([data?.id]);
    expect((await running.giveBack(customer, data?.id ?? '')).data?.status).toBe('RETURNED');
  }, 30_000);
});

describe('when nobody knows what tickets did', () => {
  it('a ticket that was heard of is rented with, once', async () => {
    const { customer, board, ticket } = await prepared();
    running.tickets.pause();
    const { data, took } = await running.rent(customer, board.id, ticket);
    running.tickets.resume();
    expect(data).toMatchObject({ status: 'RENTED', redemption: 'PENDING' });
    expect(took).toBeLessThan(1_500);
    await settled(data?.id ?? '', 'REDEEMED');
    expect(await running.ticketRows('SELECT "rentalId" FROM "Ticket" WHERE id = $1', ticket)).toEqual([{ rentalId: data?.id }]);
  }, 30_000);

  it('a rental that is refused gives back the ticket that it may have redeemed', async () => {
    const { customer, board, ticket } = await prepared();
    await running.rows('DELETE FROM "HeardTicket" WHERE id = $1', ticket);
    running.tickets.pause();
    const { refusal } = await running.rent(customer, board.id, ticket);
    running.tickets.resume();
    expect(refusal?.code).toBe('TICKET_NOT_FOUND');
    await eventually(async () => (await running.intents()).length === 0, { withinMs: 20_000 });
    expect(
      await running.ticketRows('SELECT status, cardinality("releasedRentals") AS released FROM "Ticket" WHERE id = $1', ticket),
    ).toEqual([{ status: 'AVAILABLE', released: 1 }]);
    expect((await running.rent(customer, board.id, ticket)).data?.status).toBe('RENTED');
  }, 30_000);

  it('a claim whose process is gone is given up, with its ticket', async () => {
    const { customer, board, ticket } = await prepared();
    const id = uuidv7();
    await running.rows(
      `WITH claimed AS (UPDATE "Kickboard" SET "rentalId" = $1, version = version + 1 WHERE id = $2)
       INSERT INTO "Rental" (id, "accountId", "kickboardId", "ticketId", status, "rentedAt", redemption, forced)
       VALUES ($1, $3, $2, $4, 'CLAIMED', now(), 'PENDING', false)`,
      id,
      board.id,
      customer.accountId,
      ticket,
    );
    await running.ticketRows(
      `UPDATE "Ticket" SET status = 'USED', "rentalId" = $1, "usedAt" = now(), revision = 2, version = version + 1 WHERE id = $2`,
      id,
      ticket,
    );
    expect((await running.rent(customer, (await running.board()).id, ticket)).refusal?.code).toBe('TICKET_USED');
    expect((await running.remove(admin, board.id)).refusal?.code).toBe('KICKBOARD_RENTED');
    await running.rows(
      `INSERT INTO kernel.intent (kind, key, payload, due_at, correlation_id) VALUES ('redeem-ticket', $1, '{}', now(), 'c')`,
      id,
    );
    await eventually(async () => (await running.intents()).length === 0, { withinMs: 20_000 });
    expect(await rentalsOf(ticket)).toEqual([]);
    expect(await running.ticketStatus(ticket)).toBe('AVAILABLE');
    expect((await running.rent(customer, board.id, ticket)).data?.status).toBe('RENTED');
  }, 30_000);
});
