import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
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

/** What is asked of others is answered, or given up, within a second; what else this machine is doing is not promised about. */
const ABOUT_A_SECOND = 1_500;
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

  const charged = (customer: Person) => eventually(async () => (await booked(customer)).join().includes('CHARGE'));
  const GIVEN_BACK = [`CANCELLED CHARGE ${PRICE.ONE_HOUR} REFUND ${PRICE.ONE_HOUR}`];

  async function expectRefusedInTime(customer: Person, wish: object): Promise<void> {
    const { result, ms } = await timed(() => refusalToPurchase(customer, wish));
    expect(result).toMatchObject(TRY_AGAIN);
    expect(ms).toBeLessThan(ABOUT_A_SECOND);
  }

  let payer: Person;
  beforeAll(async () => {
    payer = await newCustomer(system);
  });
  afterEach(async () => {
    await eventually(async () => (await purchasePatiently(payer)).status === 'AVAILABLE' && (await edge()).breaker === 'closed', {
      withinMs: 20_000,
      everyMs: 100,
    });
  });

  test('while payments are gone is refused, and there is no ticket; what they took before they died is given back, exactly once', async () => {
    const [late, customer, wish] = [await newCustomer(system), await newCustomer(system), { idempotencyKey: 'when payments are back' }];
    await system.databases.processor({ latencyMs: 1_500 });
    await expectRefusedInTime(late, wish);
    await charged(late);
    await system.madang.kill('payments');
    await system.databases.processor({});
    await expectRefusedInTime(customer, wish);
    for (const person of [late, customer]) await expectNoTicket(person);

    await system.madang.restart('payments');
    const ticket = await purchasePatiently(customer, wish);
    await untilQuiet(system);
    expect(await booked(customer)).toEqual([`APPROVED CHARGE ${PRICE.ONE_HOUR}`]);
    expect((await readTicket(customer, ticket.id)).status).toBe('AVAILABLE');
    await expectNoTicket(late);
    expect(await booked(late)).toEqual(GIVEN_BACK);
  });

  test.each([
    ['after the time-out', { latencyMs: 1_500 }],
    ['without having heard the processor’s answer', { answersLost: true }],
  ])('when payments answer %s is refused, and the money is given back, exactly once; the key is free', async (_, disturbed) => {
    const [customer, wish] = [await newCustomer(system), { idempotencyKey: 'late' }];
    await system.databases.processor(disturbed);
    await expectRefusedInTime(customer, wish);
    await charged(customer);
    await system.databases.processor({});
    await untilQuiet(system);
    await expectNoTicket(customer);
    expect(await booked(customer)).toEqual(GIVEN_BACK);
    await purchasePatiently(customer, wish);
    await remainingBecomes(customer, 1);
    expect(await booked(customer)).toEqual([...GIVEN_BACK, `APPROVED CHARGE ${PRICE.ONE_HOUR}`]);
  });

  test('while payments hang is refused, and nothing is paid in the end', async () => {
    const customer = await newCustomer(system);
    await system.madang.kill('payments', 'SIGSTOP');
    await expectRefusedInTime(customer, {}).finally(() => system.madang.kill('payments', 'SIGCONT'));
    await untilQuiet(system);
    await expectNoTicket(customer);
    // The call that was given up may have been heard, or not, when payments woke up.
    for (const entries of await booked(customer)) expect(['CANCELLED', 'CANCELLED WITHDRAWAL 0', ...GIVEN_BACK]).toContain(entries);
  });
});

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
  expect(ms).toBeLessThan(ABOUT_A_SECOND);
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
