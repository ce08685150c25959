import { CleaningCancelRefused, CleaningCompleted, CleaningConfirmed } from '@madang/cleanings/events';
import { anonymous, type User, user } from '@madang/kernel/domain';
import { eventually } from '@madang/kernel/testing';
import { PaymentCancelled } from '@madang/payments/events';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { admin, manager, RESERVATION, type RunningReservations, runningReservations, type Shown } from './testing/running-reservations.ts';

let running: RunningReservations;
beforeAll(async () => {
  running = await runningReservations({ replicas: 2 });
});
afterAll(() => running?.close());

const stranger = user('01900000-0000-7000-8000-0000000000ff', 'CUSTOMER', 'TRAINER');

/** A reservation and what happens to it elsewhere. */
async function reserved(customer: User = running.customer()) {
  const { data } = await running.reserve(customer);
  const id = data?.id ?? '';
  const { accountId } = customer;
  const cleaning = { cleaningId: uuidv7(), accountId, reservationId: id };
  const payment = { paymentId: data?.payment?.id ?? '', accountId, reference: id };
  return {
    id,
    customer,
    confirmed: () => running.publish(CleaningConfirmed, cleaning),
    done: () => running.publish(CleaningCompleted, cleaning),
    cancelRefused: () => running.publish(CleaningCancelRefused, cleaning),
    refunded: (context = 'reservations') => running.publish(PaymentCancelled, { ...payment, context }, 2),
    cancel: () => running.cancel(id, customer),
    is: (status: string) => eventually(async () => (await running.reservation(id, customer)).data?.status === status),
    shown: async () => (await running.reservation(id, customer)).data as Shown,
    events: () => running.published(id),
  };
}

describe('a cleaning', () => {
  it('is followed', async () => {
    const one = await reserved();
    await one.confirmed();
    await one.is('CONFIRMED');
    await one.done();
    await one.is('DONE');
    expect(await one.events()).toEqual(['CleaningReserved', 'CleaningReservationConfirmed', 'CleaningReservationDone']);
  });
});

describe('cancelling', () => {
  it('is a request at once, and a fact when the payment is cancelled', async () => {
    const one = await reserved();
    await one.confirmed();
    await one.is('CONFIRMED');
    for (const _ of [1, 2]) expect((await one.cancel()).data).toMatchObject({ status: 'CANCELLING' });
    await one.refunded('applications');
    await one.refunded();
    await one.is('CANCELLED');
    expect((await one.cancel()).data).toMatchObject({ status: 'CANCELLED' });
    expect((await one.events()).slice(2)).toEqual(['CleaningCancellationRequested', 'CleaningReservationCancelled']);
  });

  it('is accepted when payments are out', async () => {
    const one = await reserved();
    running.payments.moods.set(one.customer.accountId, 'OUT');
    expect((await one.cancel()).data).toMatchObject({ status: 'CANCELLING' });
  });

  it('is rejected when it was cleaned first, however that is told', async () => {
    const [told, heard] = [await reserved(), await reserved()];
    for (const one of [told, heard]) await one.cancel();
    await told.cancelRefused();
    await heard.done();
    await heard.cancelRefused();
    for (const one of [told, heard]) {
      await one.is('DONE');
      expect(await one.shown()).toMatchObject({ cancellationRejectedReason: 'ALREADY_DONE' });
      expect((await one.cancel()).data).toMatchObject({ status: 'DONE', cancellationRejectedReason: 'ALREADY_DONE' });
      expect(await one.events()).toEqual(['CleaningReserved', 'CleaningCancellationRequested', 'CleaningCancellationRejected']);
    }
  });

  it('of one that is done is rejected at once', async () => {
    const one = await reserved();
    await one.confirmed();
    await one.done();
    await one.is('DONE');
    for (const _ of [1, 2]) expect((await one.cancel()).data).toMatchObject({ status: 'DONE', cancellationRejectedReason: 'ALREADY_DONE' });
    expect((await one.events()).filter((name) => name === 'CleaningCancellationRejected')).toHaveLength(1);
  });

  it('is nobody else’s', async () => {
    const one = await reserved();
    for (const actor of [stranger, manager, admin]) expect((await running.cancel(one.id, actor)).refusal?.code).toBe('NOT_FOUND');
    expect((await running.cancel(uuidv7(), one.customer)).refusal?.code).toBe('NOT_FOUND');
    expect((await running.cancel('x', one.customer)).refusal).toMatchObject({ code: 'BAD_INPUT', field: 'reservationId' });
    expect((await running.cancel(one.id, anonymous)).refusal?.code).toBe('UNAUTHENTICATED');
  });
});

describe('who sees what', () => {
  const OF_ACCOUNT = `query ($id: ID!, $first: Int, $after: String, $status: CleaningReservationStatus) {
    _entities(representations: [{ __typename: "Account", id: $id }]) { ... on Account {
      cleaningReservations(first: $first, after: $after, status: $status) { edges { node { id status } } pageInfo { hasNextPage endCursor } } } } }`;
  type Entities = { cleaningReservations: { edges: { node: Shown }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } }[];

  it('is their own, and everything for staff', async () => {
    const one = await reserved();
    for (const actor of [one.customer, manager, admin]) expect((await running.reservation(one.id, actor)).data?.id).toBe(one.id);
    for (const id of [one.id, uuidv7(), 'nothing']) expect((await running.reservation(id, stranger)).refusal?.code).toBe('NOT_FOUND');
    expect((await running.reservation(one.id, anonymous)).refusal?.code).toBe('UNAUTHENTICATED');
    const operations = 'query { operationsCleaningReservations(first: 1) { edges { node { id } } } }';
    expect((await running.ask(operations, {}, one.customer)).refusal?.code).toBe('FORBIDDEN');
    expect((await running.ask(operations, {}, manager)).data).toMatchObject({ edges: [{ node: { id: expect.any(String) } }] });
    const reference = `query ($id: ID!) { _entities(representations: [{ __typename: "CleaningReservation", id: $id }]) { ... on CleaningReservation { id } } }`;
    expect((await running.ask(reference, { id: one.id }, one.customer)).data).toEqual([{ id: one.id }]);
    expect((await running.ask(reference, { id: one.id }, stranger)).data).toEqual([null]);
  });

  it('comes newest first, in pages, by status, without what was not paid', async () => {
    const customer = running.customer();
    const ids: string[] = [];
    for (let count = 0; count < 3; count++) ids.unshift((await reserved(customer)).id);
    running.payments.moods.set(customer.accountId, 'DECLINED');
    await running.reserve(customer);
    await running.cancel(ids[1] ?? '', customer);
    const list = async (args: object, actor = customer) =>
      (await running.ask<Entities>(OF_ACCOUNT, { id: customer.accountId, ...args }, actor)).data?.[0]?.cleaningReservations;
    const idsOf = async (args: object, actor = customer) => (await list(args, actor))?.edges.map(({ node }) => node.id);
    const page = await list({ first: 2 });
    expect(page?.pageInfo.hasNextPage).toBe(true);
    expect(await idsOf({ first: 2 })).toEqual(ids.slice(0, 2));
    expect(await idsOf({ first: 2, after: page?.pageInfo.endCursor })).toEqual(ids.slice(2));
    expect(await idsOf({ status: 'CANCELLING' })).toEqual([ids[1]]);
    expect(await idsOf({}, manager)).toEqual(ids);
    expect(await idsOf({}, stranger)).toEqual([]);
  });
});

describe('watching', () => {
  type Change = { status: string; cursor: string; reservation: Shown };
  const STATUS = (args = '') => `subscription { cleaningStatusChanged${args} { status occurredAt cursor reservation ${RESERVATION} } }`;

  it('tells each status of your own, and again what was missed', async () => {
    const customer = running.customer();
    const changes = await running.watch<Change>(STATUS(), customer);
    await eventually(async () => {
      await reserved(customer);
      return changes.seen.length > 0;
    });
    const one = await reserved(customer);
    await one.confirmed();
    await one.is('CONFIRMED');
    await one.cancel();
    await one.done();
    const mine = () => changes.seen.filter(({ reservation }) => reservation.id === one.id);
    await eventually(() => mine().length === 4);
    expect(mine().map(({ status }) => status)).toEqual(['RESERVED', 'CONFIRMED', 'CANCELLING', 'DONE']);
    await changes.stop();
    const again = await running.watch<Change>(STATUS(`(reservationId: "${one.id}", after: "${mine()[0]?.cursor}")`), customer);
    await eventually(() => again.seen.length === 3);
    expect(again.seen.map(({ status }) => status)).toEqual(['CONFIRMED', 'CANCELLING', 'DONE']);
    await again.stop();
  });

  it("is refused for another's reservation, and to nobody in particular", async () => {
    const one = await reserved();
    const refusal = async (query: string, actor: Parameters<typeof running.watch>[1]) => (await running.watch(query, actor)).ended;
    expect(await refusal(STATUS(`(reservationId: "${one.id}")`), stranger)).toBe('NOT_FOUND');
    expect(await refusal(STATUS(`(reservationId: "nothing")`), one.customer)).toBe('NOT_FOUND');
    expect(await refusal(STATUS(), anonymous)).toBe('UNAUTHENTICATED');
  });
});
