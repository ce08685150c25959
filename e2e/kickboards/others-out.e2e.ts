import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { edgeState } from '../harness/breaker.ts';
import { deadLetters } from '../harness/broker.ts';
import { expectEachMessageOnce, expectEachPageRowOnce } from '../harness/effects.ts';
import {
  giveBack,
  PRICE,
  purchasePatiently,
  readKickboard,
  readTicket,
  refusalToPurchase,
  refusalToRent,
  register,
  remainingBecomes,
  rent,
  type Ticket,
  ticketOutcomes,
  watchKickboards,
  watchRides,
} from '../harness/kickboards.ts';
import { expectLedgerToEqualPayments } from '../harness/ledger.ts';
import { messagesOf } from '../harness/messages.ts';
import { CARD, demo, newCustomer, type Person } from '../harness/people.ts';
import { untilQuiet } from '../harness/quiet.ts';
import { type System, startSystem } from '../harness/system.ts';
import { statusOf } from '../harness/textbooks.ts';
import { eventually, sideBySide, timed, upTo } from '../harness/until.ts';
import { expectOneWinnerEach, fiftyOfOneKickboard, fiftyWithOneTicket, prepareRaces } from './races.ts';

const A_SECOND = 1_000;
/** What is promised of an open breaker, the textbooks' scenarios look at: here it need not take that long. */
const SHORT_BREAKERS = { TICKETS_TO_PAYMENTS_BREAKER_OPEN_MS: '1000', KICKBOARDS_TO_TICKETS_BREAKER_OPEN_MS: '1000' };

let system: System;
let admin: Person;

beforeAll(async () => {
  system = await startSystem({ processes: ['notifications', 'payments', 'tickets'], env: SHORT_BREAKERS });
  admin = await demo(system, 'admin');
});
afterAll(() => system?.stop());

const code = (is: string) => ({ extensions: { code: is } });
const TRY_AGAIN = { extensions: { code: 'TRY_AGAIN_LATER', retryAfterSeconds: expect.any(Number) } };

test('while notifications are stopped buying, renting and returning work; the messages arrive afterwards', async () => {
  const customer = await newCustomer(system);
  await untilQuiet(system);
  await system.madang.halt('notifications');
  const board = await register(admin);
  const ticket = await purchasePatiently(customer);
  const rental = await rent(customer, board.id, ticket.id);
  expect(rental.status).toBe('RENTED');
  expect((await giveBack(customer, rental.id)).status).toBe('RETURNED');
  await remainingBecomes(customer, 0);
  await system.madang.restart('notifications');
  await untilQuiet(system);
  const told = (await messagesOf(customer)).map(({ template }) => template).filter((template) => /^(TICKET|KICKBOARD)/.test(template));
  expect(told.toSorted()).toEqual(['KICKBOARD_RENTED', 'KICKBOARD_RETURNED', 'TICKET_PURCHASED']);
});

describe('buying a ticket', () => {
  const edge = () => edgeState(system, 'tickets', 'payments');

  /** Nothing of a ticket, neither for the customer to see nor in the table. */
  async function expectNoTicket(customer: Person): Promise<void> {
    const NOTHING = '{ me { tickets { edges { node { id } } } myPage { remainingTickets tickets { edges { node { id } } } } } }';
    const none = { edges: [] };
    expect(await customer.data(NOTHING)).toEqual({ me: { tickets: none, myPage: { remainingTickets: 0, tickets: none } } });
    expect(await system.databases.count('tickets', 'SELECT count(*) FROM "Ticket" WHERE "accountId" = $1', [customer.accountId])).toBe(0);
  }

  /** What the processor's books have of a customer's tickets: for each payment, what was done with how much money. */
  async function booked({ accountId }: Person): Promise<string[]> {
    const rows = await system.databases.query<{ entries: string }>(
      'payments',
      `SELECT concat_ws(' ', p."status", string_agg(l."entry" || ' ' || l."amount", ' ' ORDER BY l."entry"::text)) AS entries
       FROM "Payment" p LEFT JOIN "SandboxLedger" l ON split_part(l."idempotencyKey", ':', 2) = p."id"::text
       WHERE p."accountId" = $1 AND p."context" = 'tickets' GROUP BY p."id" ORDER BY p."id"`,
      [accountId],
    );
    return rows.map(({ entries }) => entries);
  }

  const closes = () =>
    eventually(async () => (await purchasePatiently(payer)).status === 'AVAILABLE' && (await edge()).breaker === 'closed', {
      withinMs: 20_000,
      everyMs: 100,
    });
  let payer: Person;
  beforeAll(async () => {
    payer = await newCustomer(system);
  });

  test('while payments are stopped is refused within a second, and there is no ticket; the key is free', async () => {
    const customer = await newCustomer(system);
    const wish = { idempotencyKey: 'when payments are back' };
    await system.madang.halt('payments');
    const { result, ms } = await timed(() => refusalToPurchase(customer, wish));
    expect(result).toMatchObject(TRY_AGAIN);
    expect(ms).toBeLessThan(A_SECOND);
    await expectNoTicket(customer);
    await system.madang.restart('payments');
    const ticket = await purchasePatiently(customer, wish);
    expect(ticket.status).toBe('AVAILABLE');
    await closes();
    await untilQuiet(system);
    expect(await booked(customer)).toEqual([`APPROVED CHARGE ${PRICE.ONE_HOUR}`]);
  });

  test.each([
    ['answer after the time-out', () => system.databases.processor({ latencyMs: 1_500 }), () => system.databases.processor({})],
    ['hang', () => system.madang.kill('payments', 'SIGSTOP'), () => system.madang.kill('payments', 'SIGCONT')],
    ['take the money and die', () => system.databases.processor({ latencyMs: 1_500 }), dieAndComeBack],
    ['do not hear the processor’s answer', () => system.databases.processor({ answersLost: true }), () => system.databases.processor({})],
  ])('while payments %s is refused within a second, and the money is given back, exactly once', async (_, disturb, mend) => {
    const customer = await newCustomer(system);
    const wish = { idempotencyKey: 'late' };
    await disturb();
    const { result, ms } = await timed(() => refusalToPurchase(customer, wish));
    expect(result).toMatchObject(TRY_AGAIN);
    expect(ms).toBeLessThan(A_SECOND + 500);
    await mend();
    await closes();
    await untilQuiet(system);
    await expectNoTicket(customer);
    expect(await booked(customer)).toEqual([`CANCELLED CHARGE ${PRICE.ONE_HOUR} REFUND ${PRICE.ONE_HOUR}`]);
    expect((await purchasePatiently(customer, wish)).status).toBe('AVAILABLE');
    await untilQuiet(system);
    expect(await booked(customer)).toHaveLength(2);
  });
});

async function dieAndComeBack(): Promise<void> {
  await system.madang.kill('payments');
  await system.databases.processor({});
  await system.madang.restart('payments');
}

test('while tickets are stopped renting and returning work with what was heard of them, and only with a good ticket; nobody wins twice', async () => {
  const people = await sideBySide(upTo(5), 2, () => newCustomer(system));
  const [customer, other] = people as [Person, Person];
  const poor = await newCustomer(system, { card: CARD.declined });
  const races = await prepareRaces(admin, people.slice(2));
  const [good, used, foreign] = (await sideBySide([customer, customer, other], 1, (person) => purchasePatiently(person))) as [
    Ticket,
    Ticket,
    Ticket,
  ];
  expect(await refusalToPurchase(poor)).toMatchObject(code('PAYMENT_DECLINED'));
  const [unpaid] = await system.databases.query<{ id: string }>(
    'payments',
    `SELECT "reference" AS id FROM "Payment" WHERE "accountId" = $1 AND "context" = 'tickets'`,
    [poor.accountId],
  );
  const [board, free] = [await register(admin), await register(admin)];
  await giveBack(customer, (await rent(customer, board.id, used.id)).id);
  await remainingBecomes(customer, 1);
  await untilQuiet(system);
  const [rides, boards] = [await watchRides(customer, 'kickboardRented'), await watchKickboards(other, { id: board.id })];

  await system.madang.halt('tickets');
  const { result: rental, ms } = await timed(() => rent(customer, board.id, good.id));
  expect(rental).toMatchObject({ status: 'RENTED', redemption: 'PENDING', kickboard: { status: 'RENTED' } });
  expect(ms).toBeLessThan(A_SECOND);
  await rides.one(({ rental: { id } }) => id === rental.id);
  await remainingBecomes(customer, 0);
  expect(await giveBack(customer, rental.id)).toMatchObject({ status: 'RETURNED', kickboard: { status: 'AVAILABLE' } });
  await boards.are(statusOf, ['RENTED', 'AVAILABLE']);

  for (const ticket of [good, used]) expect(await refusalToRent(customer, free.id, ticket.id)).toMatchObject(code('TICKET_USED'));
  expect(await refusalToRent(customer, free.id, foreign.id)).toMatchObject(code('TICKET_NOT_FOUND'));
  expect(await refusalToRent(poor, free.id, unpaid?.id ?? '')).toMatchObject(code('TICKET_NOT_FOUND'));
  expect((await readKickboard(customer, free.id)).status).toBe('AVAILABLE');
  await fiftyWithOneTicket(races);
  const winner = await fiftyOfOneKickboard(races);

  await system.madang.restart('tickets');
  await expectOneWinnerEach(system, races, winner);
  const outcomes = await ticketOutcomes(
    system,
    [good, used, foreign].map(({ id }) => id),
  );
  expect(outcomes.map(({ is }) => is)).toEqual(['USED RETURNED REDEEMED', 'USED RETURNED REDEEMED', 'AVAILABLE']);
  expect((await readTicket(customer, good.id)).status).toBe('USED');
  expect((await rent(other, free.id, foreign.id)).status).toBe('RENTED');
});

test('afterwards the processor’s ledger has it so, and each row and message is there once', async () => {
  await untilQuiet(system);
  await expectLedgerToEqualPayments(system);
  await expectEachPageRowOnce(system);
  await expectEachMessageOnce(system);
  expect(await deadLetters(await system.broker())).toBe(0);
});
