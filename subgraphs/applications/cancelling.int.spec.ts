import { DeliveryCompleted, DeliveryStarted } from '@madang/deliveries/events';
import { anonymous, type User, user } from '@madang/kernel/domain';
import { eventually } from '@madang/kernel/testing';
import { PaymentApproved, PaymentCancelled, PaymentDeclined } from '@madang/payments/events';
import { uuidv7 } from 'uuidv7';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { APPLICATION, admin, manager, type RunningApplications, runningApplications, type Shown } from './testing/running-applications.ts';

let running: RunningApplications;
beforeAll(async () => {
  running = await runningApplications({ replicas: 2 });
});
afterEach(() => {
  running.payments.says.now = 'APPROVED';
});
afterAll(() => running?.close());

const stranger = user('01900000-0000-7000-8000-0000000000ff', 'CUSTOMER', 'TRAINER');

/** A paid application and what happens to it elsewhere. */
async function paid(student: User = running.student()) {
  const { data } = await running.apply(student);
  const id = data?.id ?? '';
  const [deliveryId, paymentId] = [uuidv7(), data?.payment?.id ?? ''];
  const { accountId } = student;
  return {
    id,
    student,
    deliveryId,
    paymentId,
    started: () => running.publish(DeliveryStarted, { deliveryId, accountId, applicationId: id }),
    completed: () => running.publish(DeliveryCompleted, { deliveryId, accountId, applicationId: id }),
    refunded: () => running.publish(PaymentCancelled, { paymentId, accountId, reference: id }),
    cancel: () => running.cancel(id, student),
    is: (status: string) => eventually(async () => (await running.application(id, student)).data?.status === status),
    shown: async () => (await running.application(id, student)).data as Shown,
  };
}

describe('a delivery', () => {
  it('is followed', async () => {
    const one = await paid();
    await one.started();
    await one.is('DELIVERING');
    expect((await one.shown()).delivery).toEqual({ id: one.deliveryId });
    await one.completed();
    await one.is('DELIVERED');
    expect((await running.published(one.id)).slice(2)).toEqual(['TextbookApplicationDelivering', 'TextbookApplicationDelivered']);
  });
});

describe('cancelling', () => {
  it('is a request at once and a fact when payments say so', async () => {
    const one = await paid();
    await one.started();
    await one.is('DELIVERING');
    expect((await one.cancel()).data).toMatchObject({ status: 'CANCELLING' });
    expect((await one.cancel()).data).toMatchObject({ status: 'CANCELLING' });
    await one.refunded();
    await one.is('CANCELLED');
    expect((await one.cancel()).data).toMatchObject({
      status: 'CANCELLED',
      payment: { id: one.paymentId },
      delivery: { id: one.deliveryId },
    });
    expect((await running.published(one.id)).slice(2)).toEqual([
      'TextbookApplicationDelivering',
      'TextbookCancellationRequested',
      'TextbookApplicationCancelled',
    ]);
  });

  it('knows the delivery that began meanwhile', async () => {
    const one = await paid();
    await one.cancel();
    await one.refunded();
    await one.is('CANCELLED');
    await one.started();
    await eventually(async () => (await one.shown()).delivery?.id === one.deliveryId);
    expect((await one.shown()).status).toBe('CANCELLED');
  });

  it('is rejected when the books are handed over first, however the events come', async () => {
    const one = await paid();
    await one.started();
    await one.cancel();
    await one.completed();
    await one.is('DELIVERED');
    expect(await one.shown()).toMatchObject({ cancellationRejectedReason: 'ALREADY_DELIVERED', delivery: { id: one.deliveryId } });
    expect((await running.published(one.id)).at(-1)).toBe('TextbookCancellationRejected');
  });

  it('of a delivered one is rejected at once', async () => {
    const one = await paid();
    await one.started();
    await one.completed();
    await one.is('DELIVERED');
    for (const _ of [1, 2])
      expect((await one.cancel()).data).toMatchObject({ status: 'DELIVERED', cancellationRejectedReason: 'ALREADY_DELIVERED' });
    expect((await running.published(one.id)).filter((name) => name === 'TextbookCancellationRejected')).toHaveLength(1);
  });

  it('of a deferred one ends as well, paid or not', async () => {
    const student = running.student();
    running.payments.moods.set(student.accountId, 'OUT');
    const [declined, never] = [await running.apply(student), await running.apply(student)].map(({ data }) => data?.id ?? '');
    for (const id of [declined, never]) expect((await running.cancel(id ?? '', student)).data?.status).toBe('CANCELLING');
    await running.publish(PaymentDeclined, { accountId: student.accountId, reference: declined, paymentId: uuidv7() });
    await running.publish(PaymentApproved, { accountId: student.accountId, reference: never, paymentId: uuidv7() });
    await running.publish(PaymentCancelled, { accountId: student.accountId, reference: never, paymentId: uuidv7(), refunded: 0 });
    for (const id of [declined, never])
      await eventually(async () => (await running.application(id ?? '', student)).data?.status === 'CANCELLED');
    for (const id of [declined, never]) expect(await running.published(id ?? '')).not.toContain('TextbookApplicationPaid');
  });

  it('is refused for what was never paid, and nobody else’s', async () => {
    const { student, id } = await running.applied('DECLINED');
    expect((await running.cancel(id, student)).refusal?.code).toBe('NOT_CANCELLABLE');
    for (const actor of [stranger, manager, admin]) expect((await running.cancel(id, actor)).refusal?.code).toBe('NOT_FOUND');
    expect((await running.cancel(uuidv7(), student)).refusal?.code).toBe('NOT_FOUND');
    expect((await running.cancel('x', student)).refusal).toMatchObject({ code: 'BAD_INPUT', field: 'applicationId' });
    expect((await running.cancel(id, anonymous)).refusal?.code).toBe('UNAUTHENTICATED');
  });
});

describe('who sees what', () => {
  const OF_ACCOUNT = `query ($id: ID!, $first: Int, $after: String, $status: TextbookApplicationStatus) {
    _entities(representations: [{ __typename: "Account", id: $id }]) { ... on Account {
      textbookApplications(first: $first, after: $after, status: $status) { edges { node { id status } } pageInfo { hasNextPage endCursor } } } } }`;
  type Entities = { textbookApplications: { edges: { node: Shown }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } }[];

  it('is their own, and everything for staff', async () => {
    const one = await paid();
    for (const actor of [one.student, manager, admin]) expect((await running.application(one.id, actor)).data?.id).toBe(one.id);
    for (const id of [one.id, uuidv7(), 'nothing']) expect((await running.application(id, stranger)).refusal?.code).toBe('NOT_FOUND');
    expect((await running.application(one.id, anonymous)).refusal?.code).toBe('UNAUTHENTICATED');
    const operations = 'query { operationsTextbookApplications(first: 1) { edges { node { id } } } }';
    expect((await running.ask(operations, {}, one.student)).refusal?.code).toBe('FORBIDDEN');
    expect((await running.ask(operations, {}, manager)).data).toMatchObject({ edges: [{ node: { id: expect.any(String) } }] });
    const reference = `query ($id: ID!) { _entities(representations: [{ __typename: "TextbookApplication", id: $id }]) { ... on TextbookApplication { id } } }`;
    expect((await running.ask(reference, { id: one.id }, one.student)).data).toEqual([{ id: one.id }]);
    expect((await running.ask(reference, { id: one.id }, stranger)).data).toEqual([null]);
  });

  it('comes newest first, in pages, by status', async () => {
    const student = running.student();
    const all = [await paid(student), await paid(student), await paid(student)].map(({ id }) => id).reverse();
    await running.cancel(all[1] ?? '', student);
    const list = async (args: object, actor = student) =>
      (await running.ask<Entities>(OF_ACCOUNT, { id: student.accountId, ...args }, actor)).data?.[0]?.textbookApplications;
    const ids = async (args: object, actor = student) => (await list(args, actor))?.edges.map(({ node }) => node.id);
    const page = await list({ first: 2 });
    expect(page?.pageInfo.hasNextPage).toBe(true);
    expect(await ids({ first: 2 })).toEqual(all.slice(0, 2));
    expect(await ids({ first: 2, after: page?.pageInfo.endCursor })).toEqual(all.slice(2));
    expect(await ids({ status: 'CANCELLING' })).toEqual([all[1]]);
    expect(await ids({}, manager)).toEqual(all);
    expect(await ids({}, stranger)).toEqual([]);
  });
});

describe('watching', () => {
  type Change = { status: string; cursor: string; application: Shown | null };
  const STATUS = (args = '') => `subscription { applicationStatusChanged${args} { status occurredAt cursor application ${APPLICATION} } }`;

  it('tells each status of your own, and again what was missed', async () => {
    const student = running.student();
    const changes = await running.watch<Change>(STATUS(), student);
    await eventually(async () => {
      await paid(student);
      return changes.seen.length > 0;
    });
    running.payments.moods.set(student.accountId, 'OUT');
    const { data } = await running.apply(student);
    const id = data?.id ?? '';
    await running.cancel(id, student);
    await running.publish(PaymentDeclined, { accountId: student.accountId, reference: id, paymentId: uuidv7() });
    const mine = () => changes.seen.filter(({ application }) => application?.id === id);
    await eventually(() => mine().length === 4);
    expect(mine().map(({ status }) => status)).toEqual(['APPLIED', 'PAYMENT_DEFERRED', 'CANCELLING', 'CANCELLED']);
    await changes.stop();
    const again = await running.watch<Change>(STATUS(`(applicationId: "${id}", after: "${mine()[1]?.cursor}")`), student);
    await eventually(() => again.seen.length === 2);
    expect(again.seen.map(({ status }) => status)).toEqual(['CANCELLING', 'CANCELLED']);
    await again.stop();
  });

  it("is refused for another's application, and to nobody in particular", async () => {
    const one = await paid();
    const refusal = async (query: string, actor: Parameters<typeof running.watch>[1]) => (await running.watch(query, actor)).ended;
    expect(await refusal(STATUS(`(applicationId: "${one.id}")`), stranger)).toBe('NOT_FOUND');
    expect(await refusal(STATUS(`(applicationId: "nothing")`), one.student)).toBe('NOT_FOUND');
    expect(await refusal(STATUS(), anonymous)).toBe('UNAUTHENTICATED');
  });
});
