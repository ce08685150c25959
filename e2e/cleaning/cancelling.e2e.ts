import { afterAll, beforeAll, expect, test } from 'vitest';
import { deadLetters } from '../harness/broker.ts';
import {
  ALL_CANCELLED,
  CLEANED,
  CONFIRM,
  cancelReservation,
  cleaningOf,
  completeCleaning,
  confirm,
  expectCleaningOutcomes,
  PLAN,
  readReservation,
  reservationBecomes,
  reserve,
  watchReservations,
} from '../harness/cleaning.ts';
import { expectEachMessageOnce, expectEachPageRowOnce } from '../harness/effects.ts';
import { expectLedgerToEqualPayments } from '../harness/ledger.ts';
import { expectTold, hasBeenTold, watchMessages } from '../harness/messages.ts';
import { demo, newCustomer, type Person } from '../harness/people.ts';
import { untilQuiet } from '../harness/quiet.ts';
import { PATIENT_EDGES, type System, startSystem } from '../harness/system.ts';
import { statusOf } from '../harness/textbooks.ts';
import { elapsed, eventually, sideBySide, upTo } from '../harness/until.ts';

const RACES = 200;

interface NewStatus {
  readonly status: string;
  readonly reservation: { readonly id: string };
}

let system: System;
let manager: Person;
let customers: readonly Person[];

beforeAll(async () => {
  system = await startSystem({ env: PATIENT_EDGES });
  manager = await demo(system, 'manager');
  customers = await sideBySide(upTo(8), 2, () => newCustomer(system));
});
afterAll(() => system?.stop());

test('a reservation is cancelled: the cleaning is called off, the payment given back, and the customer told of both', async () => {
  const customer = await newCustomer(system);
  const [changes, messages] = [await watchReservations(customer), await watchMessages(customer)];
  const { id } = await reserve(customer);
  const cleaning = await cleaningOf(customer, id);
  await confirm(manager, cleaning);
  await reservationBecomes(customer, id, 'CONFIRMED');
  expect((await cancelReservation(customer, id)).status).toBe('CANCELLING');

  await changes.are(statusOf, ['RESERVED', 'CONFIRMED', 'CANCELLING', 'CANCELLED']);
  expect(await readReservation(customer, id)).toMatchObject({
    status: 'CANCELLED',
    payment: { status: 'CANCELLED', amount: PLAN.price, refunded: PLAN.price },
    cleaning: { id: cleaning, status: 'CANCELLED' },
  });
  await expectTold(messages, ['PAYMENT_APPROVED', 'CLEANING_RESERVED', 'CLEANING_CONFIRMED', 'CLEANING_CANCELLED', 'PAYMENT_CANCELLED']);
  expect((await cancelReservation(customer, id)).status).toBe('CANCELLED');
  expect(await manager.refusal(CONFIRM, { id: cleaning })).toMatchObject({ extensions: { code: 'CLEANING_CANCELLED' } });
});

test('a cleaning that is done cannot be cancelled: the customer is told so, and the payment stands', async () => {
  const customer = await newCustomer(system);
  const { id } = await reserve(customer);
  const cleaning = await cleaningOf(customer, id);
  await confirm(manager, cleaning);
  await completeCleaning(manager, cleaning);
  await reservationBecomes(customer, id, 'DONE');
  await hasBeenTold(customer, [
    'PAYMENT_METHOD_REGISTERED',
    'PAYMENT_APPROVED',
    'CLEANING_RESERVED',
    'CLEANING_CONFIRMED',
    'CLEANING_DONE',
  ]);
  const [changes, messages] = [await watchReservations(customer), await watchMessages(customer)];
  const rejected = { status: 'DONE', cancellationRejectedReason: 'ALREADY_DONE' };
  expect(await cancelReservation(customer, id)).toMatchObject(rejected);
  expect(await cancelReservation(customer, id)).toMatchObject(rejected);
  // The rejection of the cancellation is a change, too: back to DONE.
  await changes.are(statusOf, ['DONE']);
  await expectTold(messages, ['CLEANING_CANCELLATION_REJECTED']);
  await untilQuiet(system);
  await expectCleaningOutcomes(system, [id], CLEANED);
  expect(await readReservation(customer, id)).toMatchObject({ payment: { status: 'APPROVED', refunded: 0 }, cleaning: { status: 'DONE' } });
});

/** Reservations whose money is going back, or is back, while they are still to be cleaned. */
async function impossible(): Promise<string[]> {
  const { databases } = system;
  const givenBack = await databases.query<{ id: string }>(
    'payments',
    `SELECT "reference" AS id FROM "Payment" WHERE "context" = 'reservations' AND "status" IN ('CANCELLING', 'CANCELLED')`,
  );
  const toBeCleaned = await databases.query<{ id: string }>(
    'cleanings',
    `SELECT "reservationId" AS id FROM "Cleaning" WHERE "status" <> 'CANCELLED' AND "reservationId" = ANY($1)`,
    [givenBack.map(({ id }) => id)],
  );
  return toBeCleaned.map(({ id }) => id);
}

/** Looks all the while that the task takes. */
async function whileNothingIsImpossible<Result>(task: () => Promise<Result>): Promise<Result> {
  let over = false;
  const seen = new Set<string>();
  const watching = (async () => {
    while (!over) {
      for (const id of await impossible()) seen.add(id);
      await elapsed(20, 'between two looks');
    }
  })();
  const result = await task().finally(() => {
    over = true;
  });
  await watching;
  expect([...seen], 'cleanings to be done for a payment that was given back').toEqual([]);
  return result;
}

test('two hundred cancellations overtake the cleaning’s request: none is ever cleaned for money that was given back, and all end cancelled', async () => {
  const ids = await whileNothingIsImpossible(async () => {
    const races = await sideBySide(customers, customers.length, async (customer) => {
      const changes = await customer.watch<NewStatus>(
        'reservations',
        'subscription { cleaningStatusChanged { status reservation { id } } }',
      );
      const cancelled: string[] = [];
      for (const index of upTo(RACES / customers.length)) {
        const answer = reserve(customer);
        // Every second one is cancelled as soon as it is there, perhaps before who reserved has the answer; the others right after it.
        const isNew = ({ status, reservation }: NewStatus) => status === 'RESERVED' && !cancelled.includes(reservation.id);
        const id = index % 2 === 0 ? (await changes.one(isNew)).reservation.id : (await answer).id;
        await elapsed(index % 5, 'the head start of the request');
        expect((await cancelReservation(customer, id)).status).toMatch(/^CANCELL(ING|ED)$/);
        cancelled.push((await answer).id);
      }
      return cancelled;
    });
    await eventually(() => expectCleaningOutcomes(system, races.flat(), ALL_CANCELLED), { withinMs: 30_000, everyMs: 200 });
    return races.flat();
  });
  expect(new Set(ids).size).toBe(RACES);
  await untilQuiet(system);
  await expectCleaningOutcomes(system, ids, ALL_CANCELLED);
  const refunded = await system.databases.query(
    'payments',
    'SELECT count(*)::int, sum("refunded")::int AS won FROM "Payment" WHERE "reference" = ANY($1)',
    [ids],
  );
  expect(refunded).toEqual([{ count: RACES, won: RACES * PLAN.price }]);
});

test('fifty cancellations race the manager: either all is cancelled, or it is done and the payment stands', async () => {
  const ids = await whileNothingIsImpossible(() =>
    sideBySide(upTo(50), 8, async (index) => {
      const customer = customers[index % customers.length] as Person;
      const { id } = await reserve(customer);
      const cleaning = await cleaningOf(customer, id);
      if (index % 2 === 0) await confirm(manager, cleaning);
      const manage = index % 2 === 0 ? 'completeCleaning' : 'confirmCleaning';
      const MANAGE = `mutation($id: ID!) { ${manage}(input: { cleaningId: $id }) { status } }`;
      await Promise.all([cancelReservation(customer, id), manager.ask(MANAGE, { id: cleaning })]);
      return id;
    }),
  );
  await untilQuiet(system);
  await expectCleaningOutcomes(system, ids, ALL_CANCELLED, CLEANED);
});

test('afterwards the processor’s ledger has it so, and each row and message is there once', async () => {
  await expectLedgerToEqualPayments(system);
  await expectEachPageRowOnce(system);
  await expectEachMessageOnce(system);
  expect(await deadLetters(await system.broker())).toBe(0);
});
