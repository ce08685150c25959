import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  AT,
  COMPLETE,
  CONFIRM,
  cleaningOf,
  completeCleaning,
  confirm,
  PLACE,
  PLAN,
  READ_RESERVATION,
  RESERVATION,
  type ReservationChange,
  readReservation,
  refusalToCancel,
  refusalToReserve,
  reservationBecomes,
  reserve,
  WATCH_RESERVATIONS,
  watchReservations,
} from '../harness/cleaning.ts';
import { expectTold, watchMessages } from '../harness/messages.ts';
import { anonymous, CARD, demo, newCustomer, type Person } from '../harness/people.ts';
import { PATIENT_EDGES, type System, startSystem } from '../harness/system.ts';
import { statusOf } from '../harness/textbooks.ts';
import { eventually } from '../harness/until.ts';

let system: System;
let manager: Person;

beforeAll(async () => {
  system = await startSystem({ env: PATIENT_EDGES });
  manager = await demo(system, 'manager');
});
afterAll(() => system?.stop());

const rowsOf = (context: 'reservations' | 'payments' | 'cleanings', table: string, { accountId }: Person) =>
  system.databases.count(context, `SELECT count(*) FROM "${table}" WHERE "accountId" = $1`, [accountId]);
const code = (is: string) => ({ extensions: { code: is } });

describe.concurrent('a customer who reserves a cleaning', () => {
  test('has it paid, requested, confirmed by a manager and done, each status pushed with what three other contexts know of it, and is told', async () => {
    const customer = await newCustomer(system);
    const messages = await watchMessages(customer);
    const changes = await customer.watch<ReservationChange & { reservation: { account: { displayName: string } } }>(
      'reservations',
      `subscription { cleaningStatusChanged { status occurredAt cursor reservation { ${RESERVATION} account { displayName } } } }`,
    );
    const reserved = await reserve(customer);
    expect(reserved).toMatchObject({ status: 'RESERVED', title: PLAN.name, amount: PLAN.price, place: PLACE, cleaningAtInSeoul: AT });

    const cleaning = await cleaningOf(customer, reserved.id);
    const { payment } = await readReservation(customer, reserved.id);
    expect(payment).toMatchObject({ status: 'APPROVED', amount: PLAN.price, refunded: 0 });
    await changes.are(statusOf, ['RESERVED']);
    expect((await confirm(manager, cleaning)).confirmCleaning.status).toBe('CONFIRMED');
    await changes.are(statusOf, ['RESERVED', 'CONFIRMED']);
    await completeCleaning(manager, cleaning);
    await changes.are(statusOf, ['RESERVED', 'CONFIRMED', 'DONE']);
    const [, second, last] = changes.all.map(({ reservation }) => reservation);
    expect(second).toMatchObject({ id: reserved.id, payment, account: { displayName: '김이투' }, cleaning: { id: cleaning } });
    expect(last).toMatchObject({ status: 'DONE', payment, cleaning: { id: cleaning, status: 'DONE' } });

    await expectTold(messages, ['PAYMENT_APPROVED', 'CLEANING_RESERVED', 'CLEANING_CONFIRMED', 'CLEANING_DONE']);
    const about = messages.all.map(({ message }) => message).filter(({ template }) => template.startsWith('CLEANING'));
    expect(about.map(({ about }) => about)).toEqual(about.map(() => ({ type: 'CLEANING_RESERVATION', id: reserved.id })));
    expect(about.find(({ template }) => template === 'CLEANING_RESERVED')?.body).toContain(PLACE);
  });

  test('has everything on one page, in one query, and comes from each thing to all others', async () => {
    const customer = await newCustomer(system);
    const { id } = await reserve(customer);
    const cleaning = await cleaningOf(customer, id);
    await confirm(manager, cleaning);
    await reservationBecomes(customer, id, 'CONFIRMED');
    const paymentId = (await readReservation(customer, id)).payment?.id;
    const REACHED = `id status plan { name price } account { displayName } payment { id status account { displayName } }
      cleaning { id status account { id } reservation { id status payment { status } } }`;
    const reached = {
      id,
      status: 'CONFIRMED',
      plan: { name: PLAN.name, price: PLAN.price },
      account: { displayName: '김이투' },
      payment: { id: paymentId, status: 'APPROVED', account: { displayName: '김이투' } },
      cleaning: {
        id: cleaning,
        status: 'CONFIRMED',
        account: { id: customer.accountId },
        reservation: { id, status: 'CONFIRMED', payment: { status: 'APPROVED' } },
      },
    };
    await eventually(async () => {
      const page = await customer.data(`{ me {
        cleaningReservations { edges { node { ${REACHED} } } }
        payments { edges { node { id status orderName context reference } } }
        myPage { cleaningReservations { edges { node { id status paymentStatus cleaningStatus reservation { ${REACHED} } } } } }
      } }`);
      expect(page).toEqual({
        me: {
          cleaningReservations: { edges: [{ node: reached }] },
          payments: {
            edges: [{ node: { id: paymentId, status: 'APPROVED', orderName: PLAN.name, context: 'reservations', reference: id } }],
          },
          myPage: {
            cleaningReservations: {
              edges: [{ node: { id, status: 'CONFIRMED', paymentStatus: 'APPROVED', cleaningStatus: 'CONFIRMED', reservation: reached } }],
            },
          },
        },
      });
    });
    const QUERY = `query($id: ID!) { cleaning(id: $id) { status title place cleaningAtInSeoul reservation { ${REACHED} } } }`;
    for (const who of [customer, manager])
      expect(await who.data(QUERY, { id: cleaning })).toEqual({
        cleaning: { status: 'CONFIRMED', title: PLAN.name, place: PLACE, cleaningAtInSeoul: AT, reservation: reached },
      });
  });

  test('who sends the same request twice pays once', async () => {
    const customer = await newCustomer(system);
    const wish = { idempotencyKey: 'the same' };
    const [one, other] = await Promise.all([reserve(customer, wish), reserve(customer, wish)]);
    const later = await reserve(customer, wish);
    expect([other.id, later.id]).toEqual([one.id, one.id]);
    expect(await refusalToReserve(customer, { ...wish, place: '다른 곳' })).toMatchObject(code('IDEMPOTENCY_CONFLICT'));
    await cleaningOf(customer, one.id);
    expect(await rowsOf('payments', 'Payment', customer)).toBe(1);
    expect(await rowsOf('cleanings', 'Cleaning', customer)).toBe(1);
  });

  test('without a payment method, or with a card that is declined, is refused: no reservation, no cleaning, nothing pushed', async () => {
    for (const [card, refusal] of [
      [null, code('PAYMENT_METHOD_REQUIRED')],
      [CARD.declined, { extensions: { code: 'PAYMENT_DECLINED', reason: 'INSUFFICIENT_FUNDS' } }],
    ] as const) {
      const customer = await newCustomer(system, { card });
      const changes = await watchReservations(customer);
      const wish = { idempotencyKey: 'once more' };
      expect(await refusalToReserve(customer, wish)).toMatchObject(refusal);
      const { me } = await customer.data<{ me: object }>(
        '{ me { cleaningReservations { edges { node { id } } } myPage { cleaningReservations { edges { node { id } } } } } }',
      );
      expect(me).toEqual({ cleaningReservations: { edges: [] }, myPage: { cleaningReservations: { edges: [] } } });
      const id = await customer.registerCard('5555555555554444');
      await customer.data('mutation($id: ID!) { makePaymentMethodDefault(input: { paymentMethodId: $id }) { id } }', { id });
      const reserved = await reserve(customer, wish);
      await cleaningOf(customer, reserved.id);
      await changes.are(({ status, reservation }) => [status, reservation.id], [['RESERVED', reserved.id]]);
      expect(await rowsOf('cleanings', 'Cleaning', customer)).toBe(1);
    }
  });

  test('can neither confirm nor complete a cleaning; only a manager can', async () => {
    const customer = await newCustomer(system);
    const { id } = await reserve(customer);
    const cleaning = await cleaningOf(customer, id);
    const others = [customer, await demo(system, 'trainer'), await demo(system, 'admin')];
    for (const mutation of [CONFIRM, COMPLETE]) {
      for (const who of others) expect(await who.refusal(mutation, { id: cleaning })).toMatchObject(code('FORBIDDEN'));
      expect(await anonymous(system).refusal(mutation, { id: cleaning })).toMatchObject(code('UNAUTHENTICATED'));
    }
    expect(await manager.refusal(COMPLETE, { id: cleaning })).toMatchObject(code('NOT_CONFIRMED'));
    expect(await readReservation(customer, id)).toMatchObject({ status: 'RESERVED', cleaning: { status: 'REQUESTED' } });
    await confirm(manager, cleaning);
    expect((await confirm(manager, cleaning)).confirmCleaning.status).toBe('CONFIRMED');
  });

  test('does not get at anybody else’s reservation, by query, mutation or subscription; a manager sees it and cannot cancel it', async () => {
    const [owner, stranger] = await Promise.all([newCustomer(system), newCustomer(system)]);
    const heard = await watchReservations(stranger);
    const { id } = await reserve(owner);
    const cleaning = await cleaningOf(owner, id);
    const CLEANING = 'query($id: ID!) { cleaning(id: $id) { status } }';
    for (const who of [stranger, await demo(system, 'trainer')]) {
      expect(await who.refusal(READ_RESERVATION, { id })).toMatchObject(code('NOT_FOUND'));
      expect(await who.refusal(CLEANING, { id: cleaning })).toMatchObject(code('NOT_FOUND'));
      expect(await refusalToCancel(who, id)).toMatchObject(code('NOT_FOUND'));
      expect(await who.tryToWatch(WATCH_RESERVATIONS, { id }).refusal()).toMatchObject(code('NOT_FOUND'));
    }
    for (const list of ['operationsCleanings', 'operationsCleaningReservations'])
      expect(await stranger.refusal(`{ ${list} { edges { node { id } } } }`)).toMatchObject(code('FORBIDDEN'));
    const nobody = anonymous(system);
    expect(await nobody.refusal(READ_RESERVATION, { id })).toMatchObject(code('UNAUTHENTICATED'));
    expect(await nobody.refusal(CLEANING, { id: cleaning })).toMatchObject(code('UNAUTHENTICATED'));
    expect(await refusalToCancel(manager, id)).toMatchObject(code('NOT_FOUND'));
    expect(await readReservation(manager, id)).toMatchObject({ id, status: 'RESERVED', payment: { status: 'APPROVED' } });
    const own = await reserve(stranger);
    await heard.are(({ reservation }) => reservation.id, [own.id]);
  });

  test('who was away during changes gets them with `after`, each once and in order', async () => {
    const customer = await newCustomer(system);
    const before = await watchReservations(customer);
    const { id } = await reserve(customer);
    const { cursor } = await before.one(({ status }) => status === 'RESERVED');
    await before.leave();
    const cleaning = await cleaningOf(customer, id);
    await confirm(manager, cleaning);
    await completeCleaning(manager, cleaning);
    await reservationBecomes(customer, id, 'DONE');
    const later = await watchReservations(customer, { id, after: cursor });
    await later.are(statusOf, ['CONFIRMED', 'DONE']);
  });

  test('pays the price of the moment, which is frozen in the reservation', async () => {
    const [customer, admin] = [await newCustomer(system), await demo(system, 'admin')];
    const price = (now: number) =>
      admin.data<{ registerCleaningPlan: { id: string } }>(
        'mutation($input: RegisterCleaningPlanInput!) { registerCleaningPlan(input: $input) { id price } }',
        { input: { name: '계단 청소', description: '계단을 닦습니다.', minutes: 60, price: now } },
      );
    const planId = (await price(30_000)).registerCleaningPlan.id;
    const { id } = await reserve(customer, { planId });
    await price(35_000);
    const QUERY = 'query($id: ID!) { cleaningReservation(id: $id) { amount plan { price } payment { amount } } }';
    expect(await customer.data(QUERY, { id })).toEqual({
      cleaningReservation: { amount: 30_000, plan: { price: 35_000 }, payment: { amount: 30_000 } },
    });
  });
});

test('the demo’s customer has something on the page from the start', async () => {
  const customer = await demo(system, 'customer');
  await eventually(async () => {
    const page = await customer.data('{ myPage { cleaningReservations { edges { node { status paymentStatus cleaningStatus } } } } }');
    const node = { status: 'RESERVED', paymentStatus: 'APPROVED', cleaningStatus: 'REQUESTED' };
    expect(page).toEqual({ myPage: { cleaningReservations: { edges: [{ node }, { node }] } } });
  });
});
