import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deadLetters } from '../harness/broker.ts';
import { expectEachMessageOnce, expectEachPageRowOnce } from '../harness/effects.ts';
import {
  CITY_HALL,
  giveBack,
  HAN_RIVER,
  PRICE,
  purchase,
  READ_RENTAL,
  READ_TICKET,
  readRental,
  readTicket,
  refusalToGiveBack,
  refusalToPurchase,
  refusalToRent,
  register,
  remainingBecomes,
  rent,
  WATCH_TICKETS,
  watchKickboards,
  watchRides,
  watchTickets,
} from '../harness/kickboards.ts';
import { expectLedgerToEqualPayments } from '../harness/ledger.ts';
import { expectTold, watchMessages } from '../harness/messages.ts';
import { anonymous, CARD, demo, newCustomer, type Person } from '../harness/people.ts';
import { untilQuiet } from '../harness/quiet.ts';
import { PATIENT_EDGES, type System, startSystem } from '../harness/system.ts';
import { statusOf } from '../harness/textbooks.ts';
import { eventually } from '../harness/until.ts';
import { expectOneWinnerEach, fiftyOfOneKickboard, fiftyWithOneTicket, prepareRaces } from './races.ts';
import { expectListsToPaginateAndFilter, expectStreetIsKeptByAdmins } from './street.ts';

let system: System;
let admin: Person;

beforeAll(async () => {
  system = await startSystem({ env: PATIENT_EDGES });
  admin = await demo(system, 'admin');
});
afterAll(() => system?.stop());

const code = (is: string) => ({ extensions: { code: is } });
const rowsOf = (context: 'tickets' | 'payments', table: string, { accountId }: Person) =>
  system.databases.count(context, `SELECT count(*) FROM "${table}" WHERE "accountId" = $1`, [accountId]);
const published = async (key: string) =>
  (
    await system.databases.query<{ name: string }>(
      'kickboards',
      `SELECT split_part(type, '.', 3) AS name FROM kernel.outbox WHERE key = $1 ORDER BY seq`,
      [key],
    )
  ).map(({ name }) => name);

/** Each change of somebody's page: what became of a ticket, and how many are left. */
const watchPage = (person: Person) =>
  person.watch<{ rowId: string; status: string; page: { remainingTickets: number } }>(
    'my-pages',
    'subscription { myPageChanged { rowId status page { remainingTickets } } }',
  );

describe.concurrent('a customer', () => {
  test('buys a ticket: it is paid and AVAILABLE, the customer is told, and the page counts it at once', async () => {
    const customer = await newCustomer(system);
    const [messages, tickets, pages] = [await watchMessages(customer), await watchTickets(customer), await watchPage(customer)];
    const ticket = await purchase(customer, { type: 'ONE_DAY' });
    expect(ticket).toMatchObject({ status: 'AVAILABLE', amount: PRICE.ONE_DAY, usingMinutes: 1_440, phone: '01012345678' });
    expect(
      await customer.data('query($id: ID!) { ticket(id: $id) { payment { status amount refunded context reference } } }', ticket),
    ).toEqual({
      ticket: { payment: { status: 'APPROVED', amount: PRICE.ONE_DAY, refunded: 0, context: 'tickets', reference: ticket.id } },
    });
    await remainingBecomes(customer, 1);
    await tickets.are(({ status, ticket }) => [status, ticket.id], [['AVAILABLE', ticket.id]]);
    expect(await pages.one(({ rowId }) => rowId === ticket.id)).toMatchObject({ status: 'AVAILABLE', page: { remainingTickets: 1 } });
    await expectTold(messages, ['PAYMENT_APPROVED', 'TICKET_PURCHASED']);
    const told = messages.all.map(({ message }) => message).find(({ template }) => template === 'TICKET_PURCHASED');
    expect(told?.about).toEqual({ type: 'TICKET', id: ticket.id });
  });

  test('rents and returns a kickboard: the ticket is used, all who watch see it, the customer is told, the page counts at once', async () => {
    const customer = await newCustomer(system);
    const [board, ticket] = [await register(admin), await purchase(customer)];
    await remainingBecomes(customer, 1);
    const [rented, returned] = [await watchRides(customer, 'kickboardRented'), await watchRides(customer, 'kickboardReturned')];
    const passerBy = await watchKickboards(await newCustomer(system), { id: board.id });
    const [tickets, messages, pages] = [await watchTickets(customer), await watchMessages(customer), await watchPage(customer)];

    const rental = await rent(customer, board.id, ticket.id);
    expect(rental).toMatchObject({ status: 'RENTED', redemption: 'REDEEMED', kickboard: { id: board.id, status: 'RENTED', ...CITY_HALL } });
    expect(await readTicket(customer, ticket.id)).toEqual({ ...ticket, status: 'USED' });
    await remainingBecomes(customer, 0);
    await rented.are(({ status, rental, kickboard }) => [status, rental.id, kickboard.id], [['RENTED', rental.id, board.id]]);
    expect(rented.all[0]?.rental.ticket).toEqual({ ...ticket, status: 'USED' });
    await passerBy.are(({ status, lat, lng }) => ({ status, lat, lng }), [{ status: 'RENTED', ...CITY_HALL }]);
    await tickets.are(statusOf, ['USED']);
    await pages.one(({ rowId, status, page }) => rowId === ticket.id && status === 'USED' && page.remainingTickets === 0);
    await expectTold(messages, ['KICKBOARD_RENTED']);
    expect(await published(board.id)).toEqual(['KickboardRegistered', 'KickboardRented']);

    const over = await giveBack(customer, rental.id);
    expect(over).toMatchObject({ status: 'RETURNED', overdue: false, forced: false, kickboard: { status: 'AVAILABLE', ...HAN_RIVER } });
    expect(await giveBack(customer, rental.id, CITY_HALL)).toEqual(over);
    await returned.are(({ status, rental, kickboard }) => [status, rental.id, kickboard.id], [['RETURNED', rental.id, board.id]]);
    await passerBy.are(statusOf, ['RENTED', 'AVAILABLE']);
    expect(passerBy.all[1]).toMatchObject({ ...HAN_RIVER, kickboard: { id: board.id, status: 'AVAILABLE', ...HAN_RIVER } });
    await expectTold(messages, ['KICKBOARD_RENTED', 'KICKBOARD_RETURNED']);
    expect(messages.all.map(({ message }) => message.about)).toEqual(messages.all.map(() => ({ type: 'RENTAL', id: rental.id })));
    expect(await published(board.id)).toEqual(['KickboardRegistered', 'KickboardRented', 'KickboardReturned']);
    expect(await refusalToRent(customer, board.id, ticket.id)).toMatchObject(code('TICKET_USED'));
  });

  test('has everything on one page, in one query, and comes from each thing to all others', async () => {
    const customer = await newCustomer(system);
    const [board, ticket] = [await register(admin), await purchase(customer)];
    const spare = await purchase(customer, { type: 'ONE_DAY' });
    const rental = await rent(customer, board.id, ticket.id);
    const REACHED = `id status account { displayName } payment { status amount account { displayName } }
      rental { id status account { displayName } kickboard { serial status } ticket { id status payment { status } } }`;
    const account = { displayName: '김이투' };
    const spared = {
      id: spare.id,
      status: 'AVAILABLE',
      account,
      payment: { status: 'APPROVED', amount: PRICE.ONE_DAY, account },
      rental: null,
    };
    const reached = {
      ...spared,
      id: ticket.id,
      status: 'USED',
      payment: { status: 'APPROVED', amount: PRICE.ONE_HOUR, account },
      rental: {
        id: rental.id,
        status: 'RENTED',
        account,
        kickboard: { serial: board.serial, status: 'RENTED' },
        ticket: { id: ticket.id, status: 'USED', payment: { status: 'APPROVED' } },
      },
    };
    await eventually(async () => {
      const page = await customer.data(`{ me {
        tickets { edges { node { ${REACHED} } } }
        rentals { edges { node { id status redemption ticket { ${REACHED} } } } }
        myPage { remainingTickets tickets { edges { node { id status paymentStatus ticket { ${REACHED} } rental { id status } kickboard { id status } kickboardSerial } } } }
      } }`);
      const paid = { paymentStatus: 'APPROVED' };
      expect(page).toEqual({
        me: {
          tickets: { edges: [{ node: spared }, { node: reached }] },
          rentals: { edges: [{ node: { id: rental.id, status: 'RENTED', redemption: 'REDEEMED', ticket: reached } }] },
          myPage: {
            remainingTickets: 1,
            tickets: {
              edges: [
                {
                  node: {
                    id: spare.id,
                    status: 'AVAILABLE',
                    ...paid,
                    ticket: spared,
                    rental: null,
                    kickboard: null,
                    kickboardSerial: null,
                  },
                },
                {
                  node: {
                    ...{ id: ticket.id, status: 'USED', ...paid, ticket: reached, rental: { id: rental.id, status: 'RENTED' } },
                    ...{ kickboard: { id: board.id, status: 'RENTED' }, kickboardSerial: board.serial },
                  },
                },
              ],
            },
          },
        },
      });
    });
  });

  test('without a payment method, or with a card that is declined, is refused: no ticket, nothing pushed, the key free', async () => {
    for (const [card, refusal] of [
      [null, code('PAYMENT_METHOD_REQUIRED')],
      [CARD.declined, { extensions: { code: 'PAYMENT_DECLINED', reason: 'INSUFFICIENT_FUNDS' } }],
    ] as const) {
      const customer = await newCustomer(system, { card });
      const tickets = await watchTickets(customer);
      const wish = { idempotencyKey: 'once more' };
      expect(await refusalToPurchase(customer, wish)).toMatchObject(refusal);
      expect(await rowsOf('tickets', 'Ticket', customer)).toBe(0);
      const NOTHING = '{ me { tickets { edges { node { id } } } myPage { remainingTickets tickets { edges { node { id } } } } } }';
      expect(await customer.data(NOTHING)).toEqual({
        me: { tickets: { edges: [] }, myPage: { remainingTickets: 0, tickets: { edges: [] } } },
      });
      const id = await customer.registerCard('5555555555554444');
      await customer.data('mutation($id: ID!) { makePaymentMethodDefault(input: { paymentMethodId: $id }) { id } }', { id });
      const ticket = await purchase(customer, wish);
      await tickets.are(({ status, ticket }) => [status, ticket.id], [['AVAILABLE', ticket.id]]);
    }
  });

  test('who sends the same request twice buys, and rents, once', async () => {
    const customer = await newCustomer(system);
    const wish = { idempotencyKey: 'the same' };
    const [one, other] = await Promise.all([purchase(customer, wish), purchase(customer, wish)]);
    expect([other.id, (await purchase(customer, wish)).id]).toEqual([one.id, one.id]);
    expect(await refusalToPurchase(customer, { ...wish, type: 'ONE_DAY' })).toMatchObject(code('IDEMPOTENCY_CONFLICT'));
    expect([await rowsOf('tickets', 'Ticket', customer), await rowsOf('payments', 'Payment', customer)]).toEqual([1, 1]);
    const board = await register(admin);
    const rentals = await Promise.all([rent(customer, board.id, one.id, wish), rent(customer, board.id, one.id, wish)]);
    expect(new Set(rentals.map(({ id }) => id)).size).toBe(1);
    expect(await refusalToRent(customer, (await register(admin)).id, one.id, wish)).toMatchObject(code('IDEMPOTENCY_CONFLICT'));
    expect(await published(board.id)).toEqual(['KickboardRegistered', 'KickboardRented']);
  });

  test('does not get at anybody else’s ticket or rental, by query, mutation or subscription; a manager sees them and cannot end them', async () => {
    const [owner, stranger, manager] = [await newCustomer(system), await newCustomer(system), await demo(system, 'manager')];
    const heard = await watchRides(stranger, 'kickboardRented');
    const [ticket, spare, board] = [await purchase(owner), await purchase(owner), await register(admin)];
    const { id } = await rent(owner, board.id, ticket.id);
    for (const who of [stranger, await demo(system, 'trainer')]) {
      expect(await who.refusal(READ_TICKET, ticket)).toMatchObject(code('NOT_FOUND'));
      expect(await who.refusal(READ_RENTAL, { id })).toMatchObject(code('NOT_FOUND'));
      expect(await refusalToGiveBack(who, id)).toMatchObject(code('NOT_FOUND'));
      expect(await refusalToRent(who, (await register(admin)).id, spare.id)).toMatchObject(code('TICKET_NOT_FOUND'));
      expect(await who.tryToWatch(WATCH_TICKETS, { id: ticket.id }).refusal()).toMatchObject(code('NOT_FOUND'));
    }
    for (const list of ['operationsTickets', 'operationsRentals'])
      expect(await stranger.refusal(`{ ${list} { edges { node { id } } } }`)).toMatchObject(code('FORBIDDEN'));
    for (const [query, variables] of [
      [READ_TICKET, ticket],
      [READ_RENTAL, { id }],
    ] as const)
      expect(await anonymous(system).refusal(query, variables)).toMatchObject(code('UNAUTHENTICATED'));
    expect(await readTicket(manager, ticket.id)).toMatchObject({ status: 'USED', phone: '010****5678' });
    expect((await readRental(manager, id)).status).toBe('RENTED');
    expect(await refusalToGiveBack(manager, id)).toMatchObject(code('NOT_FOUND'));
    expect((await readTicket(owner, spare.id)).status).toBe('AVAILABLE');
    const own = await rent(stranger, (await register(admin)).id, (await purchase(stranger)).id);
    await heard.are(({ rental }) => rental.id, [own.id]);
  });

  test('who was away during changes gets them with `after`, each once and in order', async () => {
    const customer = await newCustomer(system);
    const [board, before] = [await register(admin), await watchTickets(customer)];
    const kickboards = await watchKickboards(customer, { id: board.id });
    const ticket = await purchase(customer);
    const { cursor } = await before.one(({ status }) => status === 'AVAILABLE');
    const rental = await rent(customer, board.id, ticket.id);
    const rented = await kickboards.one(({ status }) => status === 'RENTED');
    await Promise.all([before.leave(), kickboards.leave()]);
    await giveBack(customer, rental.id);
    await (await watchTickets(customer, { id: ticket.id, after: cursor })).are(statusOf, ['USED']);
    await (await watchKickboards(customer, { id: board.id, after: rented.cursor })).are(statusOf, ['AVAILABLE']);
  });
});

test('only an ADMIN registers and removes kickboards, and none that is rented; an ADMIN may force its return', () =>
  expectStreetIsKeptByAdmins(system, admin));

test('every list of tickets, rentals and kickboards comes in pages and by status', () => expectListsToPaginateAndFilter(system, admin));

test('the demo’s customer has two tickets on the page from the start', async () => {
  await remainingBecomes(await demo(system, 'customer'), 2);
});

test('of fifty who rent with one ticket, and of fifty who rent one kickboard, one wins; the others’ tickets are AVAILABLE', async () => {
  const people = await Promise.all([1, 2, 3, 4, 5].map(() => newCustomer(system)));
  const races = await prepareRaces(admin, people);
  await fiftyWithOneTicket(races);
  await expectOneWinnerEach(system, races, await fiftyOfOneKickboard(races));
});

test('afterwards the processor’s ledger has it so, and each row and message is there once', async () => {
  await untilQuiet(system);
  await expectLedgerToEqualPayments(system);
  await expectEachPageRowOnce(system);
  await expectEachMessageOnce(system);
  expect(await deadLetters(await system.broker())).toBe(0);
});
