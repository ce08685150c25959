import { anonymous, user } from '@madang/kernel/domain';
import { eventually } from '@madang/kernel/testing';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  DELIVERY,
  manager,
  type Order,
  payments,
  type RunningDeliveries,
  runningDeliveries,
  type Shown,
} from './testing/running-deliveries.ts';

let running: RunningDeliveries;
beforeAll(async () => {
  running = await runningDeliveries();
});
afterAll(() => running?.close());

const customer = ({ accountId }: Order) => user(accountId, 'CUSTOMER');
const admin = user('01900000-0000-7000-8000-000000000004', 'CUSTOMER', 'ADMIN');
const stranger = user('01900000-0000-7000-8000-0000000000ff', 'CUSTOMER', 'TRAINER');

const started = (order: Order): Promise<Shown> =>
  eventually(async () => {
    const delivery = await running.delivery(order);
    if (!delivery) throw new Error('it has not started');
    return delivery;
  });
const underWay = async (accountId?: string) => {
  const order = running.order(accountId);
  await running.paid(order);
  return { ...order, ...(await started(order)) };
};

const BY_ID = `query ($id: ID!) { delivery(id: $id) ${DELIVERY} }`;
const OPERATIONS = `query ($status: DeliveryStatus, $first: Int) { operationsDeliveries(status: $status, first: $first) { edges { node { id status } } } }`;
const OF_ACCOUNT = `query ($id: ID!, $first: Int, $after: String, $status: DeliveryStatus) { _entities(representations: [{ __typename: "Account", id: $id }]) {
  ... on Account { deliveries(first: $first, after: $after, status: $status) { edges { cursor node ${DELIVERY} } pageInfo { hasNextPage endCursor } } } } }`;
type Entities = { deliveries: { edges: { node: Shown }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } }[];

describe('starting', () => {
  it('follows the payment, once, however often it is told', async () => {
    const order = running.order();
    await running.paid(order, 5);
    const { id } = await started(order);
    const next = await underWay();
    expect((await running.ask(BY_ID, { id }, customer(order))).data).toMatchObject({
      id,
      status: 'DELIVERING',
      quantity: 2,
      address: { recipient: '김하늘', line2: '3층' },
      startedAt: expect.any(String),
      cancelledAt: null,
      account: { id: order.accountId },
      application: { id: order.applicationId },
    });
    expect([await running.published(id), await running.published(next.id)]).toEqual([['DeliveryStarted'], ['DeliveryStarted']]);
  });
});

describe('cancelling', () => {
  it('stops what is on its way, and gives the same answer again', async () => {
    const order = await underWay();
    const { data } = await running.cancel(order);
    expect(data).toMatchObject({ id: order.id, status: 'CANCELLED', cancelledAt: expect.any(String), startedAt: expect.any(String) });
    expect((await running.cancel(order)).data).toEqual(data);
    expect((await running.cancel(order, payments, 'another key')).data).toEqual(data);
    expect(await running.published(order.id)).toEqual(['DeliveryStarted', 'DeliveryCancelled']);
    expect((await running.complete(order.id)).refusal).toMatchObject({ code: 'DELIVERY_CANCELLED' });
  });

  it('before it began keeps it from ever beginning', async () => {
    const order = running.order();
    const { data } = await running.cancel(order);
    expect(data).toMatchObject({ status: 'CANCELLED', startedAt: null, title: null, address: null });
    const before = await running.rows('SELECT 1 FROM kernel.inbox');
    await running.paid(order);
    await underWay();
    await eventually(async () => (await running.rows('SELECT 1 FROM kernel.inbox')).length > before.length + 1);
    expect((await running.delivery(order))?.status).toBe('CANCELLED');
    expect(await running.published(data?.id ?? '')).toEqual(['DeliveryCancelled']);
  });

  it('is refused when the books have been handed over', async () => {
    const order = await underWay();
    await running.complete(order.id);
    expect(await running.cancel(order)).toMatchObject({ data: null, refusal: { code: 'ALREADY_DELIVERED' } });
    expect((await running.delivery(order))?.status).toBe('DELIVERED');
  });

  it('is for other contexts only, for the account that applied, and says what is wrong', async () => {
    const order = await underWay();
    for (const actor of [customer(order), manager, admin, anonymous])
      expect((await running.cancel(order, actor)).refusal?.code).toBe('FORBIDDEN');
    expect((await running.cancel({ ...order, accountId: uuidv7() })).refusal?.code).toBe('NOT_FOUND');
    expect((await running.cancel({ ...order, applicationId: 'a.b' })).refusal).toMatchObject({ code: 'BAD_INPUT', field: 'applicationId' });
    expect((await running.cancel(order, payments, '')).refusal).toMatchObject({ code: 'BAD_INPUT', field: 'idempotencyKey' });
    const other = running.order();
    await running.cancel(other, payments, 'one key');
    expect((await running.cancel(order, payments, 'one key')).refusal?.code).toBe('IDEMPOTENCY_CONFLICT');
    expect((await running.delivery(order))?.status).toBe('DELIVERING');
  });
});

describe('completing', () => {
  it('is told by a MANAGER, twice if they like', async () => {
    const order = await underWay();
    const { data } = await running.complete(order.id);
    expect(data).toMatchObject({ status: 'DELIVERED', deliveredAt: expect.any(String) });
    expect((await running.complete(order.id)).data).toEqual(data);
    expect(await running.published(order.id)).toEqual(['DeliveryStarted', 'DeliveryCompleted']);
  });

  it('is refused to others, and for what is not there', async () => {
    const order = await underWay();
    expect((await running.complete(order.id, customer(order))).refusal?.code).toBe('FORBIDDEN');
    expect((await running.complete(order.id, admin)).refusal?.code).toBe('FORBIDDEN');
    expect((await running.complete(order.id, anonymous)).refusal?.code).toBe('UNAUTHENTICATED');
    expect((await running.complete(uuidv7())).refusal?.code).toBe('NOT_FOUND');
    expect((await running.complete('nothing')).refusal).toMatchObject({ code: 'BAD_INPUT', field: 'deliveryId' });
    expect((await running.delivery(order))?.status).toBe('DELIVERING');
  });
});

describe('who sees what', () => {
  it('is their own, and everything for staff', async () => {
    const order = await underWay();
    for (const actor of [customer(order), manager, admin])
      expect((await running.ask(BY_ID, { id: order.id }, actor)).data).toMatchObject({ id: order.id });
    for (const id of [order.id, uuidv7(), 'nothing']) expect((await running.ask(BY_ID, { id }, stranger)).refusal?.code).toBe('NOT_FOUND');
    expect((await running.ask(BY_ID, { id: order.id }, anonymous)).refusal?.code).toBe('UNAUTHENTICATED');
    expect((await running.ask(OPERATIONS, {}, customer(order))).refusal?.code).toBe('FORBIDDEN');
    const reference = `query ($id: ID!) { _entities(representations: [{ __typename: "Delivery", id: $id }]) { ... on Delivery { id } } }`;
    expect((await running.ask(reference, { id: order.id }, customer(order))).data).toEqual([{ id: order.id }]);
    for (const id of [order.id, 'nothing']) expect((await running.ask(reference, { id }, stranger)).data).toEqual([null]);
  });

  it('comes newest first, in pages, by status', async () => {
    const { accountId, ...first } = await underWay();
    const [second, third] = [await underWay(accountId), await underWay(accountId)];
    await running.cancel(second);
    const list = async (args: object, actor = user(accountId)) =>
      (await running.ask<Entities>(OF_ACCOUNT, { id: accountId, ...args }, actor)).data?.[0]?.deliveries;
    const ids = (connection: Awaited<ReturnType<typeof list>>) => connection?.edges.map(({ node }) => node.id);
    const page = await list({ first: 2 });
    expect(ids(page)).toEqual([third.id, second.id]);
    expect(page?.pageInfo.hasNextPage).toBe(true);
    expect(ids(await list({ first: 2, after: page?.pageInfo.endCursor }))).toEqual([first.id]);
    expect(ids(await list({ status: 'CANCELLED' }))).toEqual([second.id]);
    expect(ids(await list({}, manager))).toHaveLength(3);
    for (const actor of [stranger, anonymous]) expect(ids(await list({}, actor as never))).toEqual([]);
    const operations = await running.ask<{ edges: { node: Shown }[] }>(OPERATIONS, { status: 'DELIVERING', first: 1 }, manager);
    expect(operations.data?.edges).toMatchObject([{ node: { id: third.id } }]);
  });
});

describe('watching', () => {
  type Change = { status: string; cursor: string; delivery: Shown };
  const STATUS = (args = '') => `subscription { deliveryStatusChanged${args} { status occurredAt cursor delivery ${DELIVERY} } }`;
  const CANCELLED = (args = '') => `subscription { deliveryCancelled${args} { status delivery ${DELIVERY} } }`;

  /** A watch of an account's deliveries that has begun for sure: it has seen one. */
  async function watching(accountId: string) {
    const changes = await running.watch<Change>(STATUS(), user(accountId, 'CUSTOMER'));
    await eventually(async () => {
      await underWay(accountId);
      return changes.seen.length > 0;
    });
    return changes;
  }

  it('tells each status of your own, and again what was missed', async () => {
    const order = running.order();
    const changes = await watching(order.accountId);
    await running.paid(order);
    const { id } = await started(order);
    await underWay();
    await running.complete(id);
    const mine = await eventually(() => {
      const those = changes.seen.filter(({ delivery }) => delivery.id === id);
      return those.length === 2 && those;
    });
    await changes.stop();
    expect(mine).toMatchObject([
      { status: 'DELIVERING', delivery: { id } },
      { status: 'DELIVERED', delivery: { id, status: 'DELIVERED', application: { id: order.applicationId } } },
    ]);
    for (const { delivery } of changes.seen) expect(delivery).toMatchObject({ account: { id: order.accountId } });
    const [first] = mine || [];
    const again = await running.watch<Change>(STATUS(`(deliveryId: "${id}", after: "${first?.cursor}")`), customer(order));
    await eventually(() => again.seen.length === 1);
    expect(again.seen).toMatchObject([{ status: 'DELIVERED' }]);
    await again.stop();
  });

  it('tells the cancellation of one, and of all to staff', async () => {
    const { accountId, ...order } = await underWay();
    const changes = await watching(accountId);
    await changes.stop();
    const after = changes.seen.at(-1)?.cursor;
    const of = { ...order, accountId };
    const other = await underWay(accountId);
    await running.cancel(other);
    await running.cancel(of);
    const one = await running.watch<Change>(CANCELLED(`(applicationId: "${order.applicationId}", after: "${after}")`), customer(of));
    const all = await running.watch<Change>(CANCELLED(`(after: "${after}")`), manager);
    await eventually(() => one.seen.length === 1 && all.seen.length === 2);
    expect(one.seen).toMatchObject([{ status: 'CANCELLED', delivery: { id: order.id } }]);
    expect(all.seen).toMatchObject([{ delivery: { id: other.id } }, { delivery: { id: order.id } }]);
    await one.stop();
    await all.stop();
  });

  it("is refused for another's delivery, and to nobody in particular", async () => {
    const order = await underWay();
    const refusal = async (query: string, actor: Parameters<typeof running.watch>[1]) => (await running.watch(query, actor)).ended;
    expect(await refusal(STATUS(`(deliveryId: "${order.id}")`), stranger)).toBe('NOT_FOUND');
    expect(await refusal(STATUS('(deliveryId: "nothing")'), stranger)).toBe('NOT_FOUND');
    expect(await refusal(CANCELLED(`(applicationId: "${order.applicationId}")`), stranger)).toBe('NOT_FOUND');
    expect(await refusal(STATUS('(after: "nonsense")'), customer(order))).toBe('BAD_INPUT');
    expect(await refusal(STATUS(), anonymous)).toBe('UNAUTHENTICATED');
  });
});
