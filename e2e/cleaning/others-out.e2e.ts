import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  ALL_CANCELLED,
  CLEANED,
  type CleaningOutcome,
  cancelReservation,
  cleaningOf,
  cleaningOutcomes,
  completeCleaning,
  confirm,
  expectCleaningOutcomes,
  PLAN,
  readReservation,
  refusalToReserve,
  reservationBecomes,
  reserve,
  tryToReserve,
  watchReservations,
} from '../harness/cleaning.ts';
import { patiently } from '../harness/client.ts';
import { expectEachMessageOnce, expectEachPageRowOnce } from '../harness/effects.ts';
import { expectLedgerToEqualPayments } from '../harness/ledger.ts';
import { messagesOf } from '../harness/messages.ts';
import { expectToPaginateAndFilter } from '../harness/pages.ts';
import { demo, newCustomer, type Person } from '../harness/people.ts';
import { untilQuiet } from '../harness/quiet.ts';
import { type System, startSystem } from '../harness/system.ts';
import { statusOf } from '../harness/textbooks.ts';
import { eventually, timed } from '../harness/until.ts';

/** What a customer is promised whatever becomes of payments. */
const A_SECOND = 1_000;
const TRY_AGAIN_LATER = { extensions: { code: 'TRY_AGAIN_LATER', retryAfterSeconds: expect.any(Number) } };

let system: System;
let manager: Person;

beforeAll(async () => {
  const env = { RESERVATIONS_TO_PAYMENTS_BREAKER_OPEN_MS: '1000', PAYMENT_METHODS_TO_PAYMENTS_BREAKER_OPEN_MS: '1000' };
  system = await startSystem({ processes: ['payments', 'notifications'], env });
  manager = await demo(system, 'manager');
  const customer = await newCustomer(system);
  await reserve(customer);
});
afterAll(() => system?.stop());

afterEach(async () => {
  await system.databases.processor({});
  await untilQuiet(system);
  await expectLedgerToEqualPayments(system);
  await expectEachPageRowOnce(system);
  await expectEachMessageOnce(system);
});

const rowsOf = async ({ accountId }: Person) => ({
  reservations: await system.databases.query(
    'reservations',
    `SELECT "id" FROM "CleaningReservation" WHERE "accountId" = $1 AND "status" NOT IN ('PENDING', 'DROPPED')`,
    [accountId],
  ),
  cleanings: await system.databases.query('cleanings', 'SELECT "id" FROM "Cleaning" WHERE "accountId" = $1', [accountId]),
});
const bookedFor = ({ accountId }: Person) =>
  system.databases.query<{ entry: string; amount: number }>(
    'payments',
    `SELECT "entry"::text, l."amount" FROM "SandboxLedger" l JOIN "Payment" p ON split_part(l."idempotencyKey", ':', 2) = p."id"::text
     WHERE p."accountId" = $1 ORDER BY l."at"`,
    [accountId],
  );
const NOTHING = { reservations: [], cleanings: [] };
const reservePatiently = async (person: Person, more: object = {}) =>
  (await patiently(() => tryToReserve(person, more))).data.reserveCleaning;

/** Reserves, and goes on to that status. */
async function comeTo(customer: Person, status: 'CONFIRMED' | 'DONE' | 'CANCELLED'): Promise<string> {
  const { id } = await reservePatiently(customer);
  const cleaning = await cleaningOf(customer, id);
  if (status === 'CANCELLED') await cancelReservation(customer, id);
  else await confirm(manager, cleaning);
  if (status === 'DONE') await completeCleaning(manager, cleaning);
  await reservationBecomes(customer, id, status);
  return id;
}

test('while notifications are stopped everything else works, and the messages arrive afterwards, each once', async () => {
  const customer = await newCustomer(system, { card: null });
  await untilQuiet(system);
  await system.madang.halt('notifications');
  const changes = await watchReservations(customer);
  const card = await customer.registerCard('4242424242424242');
  const input = { paymentMethodId: card, number: '5555555555554444' };
  await customer.data('mutation($input: ChangePaymentMethodInput!) { changePaymentMethod(input: $input) { id } }', { input });
  const done = await comeTo(customer, 'DONE');
  const cancelled = await comeTo(customer, 'CANCELLED');
  expect(await cancelReservation(customer, done)).toMatchObject({ status: 'DONE', cancellationRejectedReason: 'ALREADY_DONE' });
  await changes.are(statusOf, ['RESERVED', 'CONFIRMED', 'DONE', 'RESERVED', 'CANCELLING', 'CANCELLED', 'DONE']);
  await expectCleaningOutcomes(system, [done], CLEANED);
  await expectCleaningOutcomes(system, [cancelled], ALL_CANCELLED);
  await customer.data('mutation($id: ID!) { removePaymentMethod(input: { paymentMethodId: $id }) { id } }', { id: card });
  expect(await customer.refusal('{ me { messages { edges { node { id } } } } }')).toMatchObject({
    extensions: { code: expect.stringMatching(/^(TRY_AGAIN_LATER|SUBGRAPH_UNAVAILABLE)$/) },
  });

  await system.madang.restart('notifications');
  await untilQuiet(system);
  expect((await messagesOf(customer)).map(({ template }) => template).toSorted()).toEqual(
    [
      ...['PAYMENT_METHOD_REGISTERED', 'PAYMENT_METHOD_CHANGED', 'PAYMENT_METHOD_REMOVED'],
      ...['PAYMENT_APPROVED', 'CLEANING_RESERVED', 'CLEANING_CONFIRMED', 'CLEANING_DONE', 'CLEANING_CANCELLATION_REJECTED'],
      ...['PAYMENT_APPROVED', 'CLEANING_RESERVED', 'CLEANING_CANCELLED', 'PAYMENT_CANCELLED'],
    ].toSorted(),
  );
});

describe('while payments are down', () => {
  test('a reservation is refused within a second: there is no reservation and no cleaning, then or ever', async () => {
    const customer = await newCustomer(system);
    const changes = await watchReservations(customer);
    await system.madang.halt('payments');
    const wish = { idempotencyKey: 'when it is back' };
    for (const _ of ['once', 'twice', 'until the breaker is open']) {
      const { result, ms } = await timed(() => refusalToReserve(customer, wish));
      expect(result).toMatchObject(TRY_AGAIN_LATER);
      expect(ms).toBeLessThan(A_SECOND);
    }
    const { me } = await customer.data<{ me: object }>('{ me { cleaningReservations { edges { node { id } } } } }');
    expect(me).toEqual({ cleaningReservations: { edges: [] } });

    await system.madang.restart('payments');
    await untilQuiet(system);
    expect(await rowsOf(customer)).toEqual(NOTHING);
    expect(await bookedFor(customer)).toEqual([]);
    expect(changes.all).toEqual([]);
    const { id } = await reservePatiently(customer, wish);
    await changes.are(({ reservation }) => reservation.id, [id]);
    expect(await bookedFor(customer)).toEqual([{ entry: 'CHARGE', amount: PLAN.price }]);
  });

  test('a reservation is cancelled at once; cleaning and payment are cancelled when payments are back', async () => {
    const customer = await newCustomer(system);
    const { id } = await reservePatiently(customer);
    await cleaningOf(customer, id);
    await system.madang.halt('payments');
    const { result, ms } = await timed(() => cancelReservation(customer, id));
    expect(result.status).toBe('CANCELLING');
    expect(ms).toBeLessThan(A_SECOND);
    const waiting: CleaningOutcome = { reservation: 'CANCELLING', payments: ['APPROVED'], cleanings: ['CANCELLED'] };
    await eventually(() => expectCleaningOutcomes(system, [id], waiting));
    await system.madang.restart('payments');
    await reservationBecomes(customer, id, 'CANCELLED');
    await expectCleaningOutcomes(system, [id], ALL_CANCELLED);
  });

  test('what they charge after the time-out is given back, exactly once', async () => {
    const customer = await newCustomer(system);
    await system.databases.processor({ latencyMs: 1_500 });
    const { result, ms } = await timed(() => refusalToReserve(customer));
    expect(result).toMatchObject(TRY_AGAIN_LATER);
    expect(ms).toBeLessThan(A_SECOND);
    await eventually(async () => (await bookedFor(customer)).length > 0);
    await system.databases.processor({});
    await untilQuiet(system);
    expect(await bookedFor(customer)).toEqual([
      { entry: 'CHARGE', amount: PLAN.price },
      { entry: 'REFUND', amount: PLAN.price },
    ]);
    expect(await rowsOf(customer)).toEqual(NOTHING);
  });
});

test('every status is reached by `me`, by references and in lists, which paginate and filter by it', async () => {
  const customer = await newCustomer(system);
  const done = await comeTo(customer, 'DONE');
  const cancelled = await comeTo(customer, 'CANCELLED');
  const confirmed = await comeTo(customer, 'CONFIRMED');
  const { id: reserved } = await reserve(customer);
  await cleaningOf(customer, reserved);
  // The processor being out holds the cancellation where it is.
  const { id: cancelling } = await reserve(customer);
  await cleaningOf(customer, cancelling);
  await system.databases.processor({ outage: true });
  await cancelReservation(customer, cancelling);
  const held = { reservation: 'CANCELLING', payments: ['CANCELLING'], cleanings: ['CANCELLED'] };
  await eventually(async () => expect((await cleaningOutcomes(system, [cancelling])).get(cancelling)).toEqual(held));

  const statuses = [
    [cancelling, 'CANCELLING', 'CANCELLING', 'CANCELLED'],
    [reserved, 'RESERVED', 'APPROVED', 'REQUESTED'],
    [confirmed, 'CONFIRMED', 'APPROVED', 'CONFIRMED'],
    [cancelled, 'CANCELLED', 'CANCELLED', 'CANCELLED'],
    [done, 'DONE', 'APPROVED', 'DONE'],
  ] as const;
  const NODES = 'edges { node { id status payment { status } cleaning { status reservation { status } } } }';
  const nodes = statuses.map(([id, status, payment, cleaning]) => ({
    node: { id, status, payment: { status: payment }, cleaning: { status: cleaning, reservation: { status } } },
  }));
  expect(await customer.data(`{ me { cleaningReservations { ${NODES} } } }`)).toEqual({ me: { cleaningReservations: { edges: nodes } } });
  const rows = statuses.map(([id, status, paymentStatus, cleaningStatus]) => ({
    node: { id, status, paymentStatus, cleaningStatus, reservation: { status }, payment: { status: paymentStatus } },
  }));
  const ROWS = 'edges { node { id status paymentStatus cleaningStatus reservation { status } payment { status } } }';
  await eventually(async () =>
    expect(await customer.data(`{ myPage { cleaningReservations { ${ROWS} } } }`)).toEqual({
      myPage: { cleaningReservations: { edges: rows } },
    }),
  );

  const OF_RESERVATIONS = ['RESERVED', 'CONFIRMED', 'DONE', 'CANCELLING', 'CANCELLED'];
  for (const at of ['me cleaningReservations', 'myPage cleaningReservations'])
    await expectToPaginateAndFilter(customer, { at, statuses: OF_RESERVATIONS });
  await expectToPaginateAndFilter(customer, { at: 'me payments', statuses: ['APPROVED', 'CANCELLING', 'CANCELLED'] });
  await expectToPaginateAndFilter(customer, { at: 'me messages' });
  for (const at of ['operationsCleaningReservations', 'operationsPage cleaningReservations'])
    await expectToPaginateAndFilter(manager, { at, statuses: OF_RESERVATIONS });
  await expectToPaginateAndFilter(manager, { at: 'operationsCleanings', statuses: ['REQUESTED', 'CONFIRMED', 'DONE', 'CANCELLED'] });
  await expectToPaginateAndFilter(customer, { at: 'cleaningPlans' });
  expect(await customer.refusal('{ me { cleaningReservations(first: 0) { edges { cursor } } } }')).toMatchObject({
    extensions: { code: 'BAD_INPUT', field: 'first' },
  });

  await system.databases.processor({});
  await reservationBecomes(customer, cancelling, 'CANCELLED');
  expect(await readReservation(customer, cancelling)).toMatchObject({ payment: { refunded: PLAN.price } });
});
