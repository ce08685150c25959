import { type Actor, anonymous } from '@madang/kernel/domain';
import { eventually } from '@madang/kernel/testing';
import { PtOrderAccepted } from '@madang/pt-managers/events';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { admin, manager, ORDER, type RunningPtOrders, runningPtOrders, type Shown, stranger } from './testing/running-pt-orders.ts';

let running: RunningPtOrders;
beforeAll(async () => {
  running = await runningPtOrders({ replicas: 2 });
});
afterAll(() => running?.close());

describe('ordering', () => {
  it('needs nobody else, and keeps what the class is now', async () => {
    const customer = running.customer();
    const { data } = await running.order(customer);
    expect(data).toMatchObject({
      status: 'ORDERED',
      className: '자세 교정 PT',
      durationMinutes: 50,
      price: 60_000,
      account: { id: customer.accountId },
      ptClass: { id: running.classId },
      trainer: null,
      lessonAt: null,
      lessonAtInSeoul: null,
      acknowledgedAt: null,
      cancellationRejectedReason: null,
    });
    expect((await running.read(data?.id ?? '', customer)).data).toEqual(data);
  });

  it('with the same key is the same order, as it is by now; keys are each account’s own', async () => {
    const [customer, other] = [running.customer(), running.customer()];
    const idempotencyKey = uuidv7();
    const both = await Promise.all([1, 2].map(() => running.order(customer, { idempotencyKey })));
    const [id, same] = both.map(({ data }) => data?.id);
    expect(same).toBe(id);
    await running.cancel(id ?? '', customer);
    expect((await running.order(customer, { idempotencyKey })).data).toMatchObject({ id, status: 'CANCELLING' });
    const conflict = await running.order(customer, { idempotencyKey, classId: '01900000-0000-7000-8000-0000000e0002' });
    expect(conflict.refusal?.code).toBe('IDEMPOTENCY_CONFLICT');
    expect((await running.order(other, { idempotencyKey })).data?.id).not.toBe(id);
    expect((await running.order(customer)).data?.id).not.toBe(id);
    const kept = await running.rows('SELECT 1 FROM "PtOrder" WHERE "accountId" = $1', customer.accountId);
    expect(kept).toHaveLength(2);
  });

  it('says what is wrong, and leaves nothing behind', async () => {
    const customer = running.customer();
    expect((await running.order(customer, { classId: uuidv7() })).refusal?.code).toBe('NOT_FOUND');
    expect((await running.order(customer, { classId: 'x' })).refusal).toMatchObject({ code: 'BAD_INPUT', field: 'classId' });
    expect((await running.order(customer, { idempotencyKey: '' })).refusal).toMatchObject({ code: 'BAD_INPUT', field: 'idempotencyKey' });
    expect((await running.order(anonymous)).refusal?.code).toBe('UNAUTHENTICATED');
    expect(await running.rows('SELECT 1 FROM "PtOrder" WHERE "accountId" = $1', customer.accountId)).toEqual([]);
  });
});

describe('the course of an order', () => {
  it('is followed, step by step, each told once', async () => {
    const one = await running.ordered();
    await one.accepted(3);
    await one.is('ACCEPTED');
    await one.assigned(3);
    expect(await one.shown()).toMatchObject({ trainer: null, lessonAt: null });
    await one.confirmed(3);
    await one.is('CONFIRMED');
    expect(await one.shown()).toMatchObject({
      trainer: { id: one.trainer.accountId },
      lessonAt: '2026-11-25T01:00:00.000Z',
      lessonAtInSeoul: '2026-11-25T10:00:00+09:00',
    });
    await one.posted(3);
    await one.is('COMPLETED');
    expect(await one.shown()).toMatchObject({ completedAt: expect.any(String), cancellationRejectedReason: null });
    expect(await one.events()).toEqual(['PtOrdered', 'PtOrderAcknowledged', 'PtOrderConfirmed', 'PtOrderCompleted']);
  });

  it('takes steps that were overtaken as they come', async () => {
    const one = await running.ordered();
    await one.posted();
    await one.is('COMPLETED');
    const before = await running.handled();
    for (const late of [one.confirmed, one.assigned, one.accepted]) await late();
    await eventually(async () => (await running.handled()) >= before + 3);
    expect(await one.shown()).toMatchObject({
      status: 'COMPLETED',
      trainer: { id: one.trainer.accountId },
      lessonAt: one.lesson.lessonAt,
    });
    expect(await one.events()).toEqual(['PtOrdered', 'PtOrderCompleted']);
  });

  it('of an order that never was goes to the dead letters', async () => {
    const id = await running.publish(PtOrderAccepted, { assignmentId: uuidv7(), orderId: uuidv7() });
    await eventually(async () => JSON.stringify(await running.deadLetters()).includes(id), { withinMs: 20_000 });
  });
});

describe('who sees what', () => {
  it('is their own, everything for staff, and for the trainer that is on it', async () => {
    const one = await running.ordered();
    const sees = async (actor: Actor) => (await running.read(one.id, actor)).data?.id === one.id;
    for (const actor of [one.customer, manager, admin]) expect(await sees(actor)).toBe(true);
    expect(await sees(one.trainer)).toBe(false);
    await one.assigned();
    await eventually(() => sees(one.trainer));
    expect(await sees({ ...one.trainer, roles: ['CUSTOMER'] })).toBe(false);
    for (const id of [one.id, uuidv7(), 'x']) expect((await running.read(id, stranger)).refusal?.code).toBe('NOT_FOUND');
    expect((await running.read(one.id, anonymous)).refusal?.code).toBe('UNAUTHENTICATED');
    const reference = 'query ($id: ID!) { _entities(representations: [{ __typename: "PtOrder", id: $id }]) { ... on PtOrder { id } } }';
    const referred = async (actor: Actor, id = one.id) => (await running.ask(reference, { id }, actor)).data;
    for (const actor of [one.customer, one.trainer, manager]) expect(await referred(actor)).toEqual([{ id: one.id }]);
    for (const actor of [stranger, anonymous]) expect(await referred(actor)).toEqual([null]);
    expect(await referred(manager, 'x')).toEqual([null]);
  });

  type Page = { edges: { node: Shown }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
  const PAGE = '{ edges { node { id status } } pageInfo { hasNextPage endCursor } }';
  const OF_ACCOUNT = `query ($id: ID!, $first: Int, $after: String, $status: PtOrderStatus) {
    _entities(representations: [{ __typename: "Account", id: $id }]) { ... on Account { ptOrders(first: $first, after: $after, status: $status) ${PAGE} } } }`;
  const OPERATIONS = `query ($first: Int, $after: String, $status: PtOrderStatus) { operationsPtOrders(first: $first, after: $after, status: $status) ${PAGE} }`;

  it('comes newest first, in pages, by status', async () => {
    const customer = running.customer();
    const ids: string[] = [];
    for (let count = 0; count < 3; count++) ids.unshift((await running.ordered(customer)).id);
    await running.cancel(ids[1] ?? '', customer);
    const list = async (args: object, actor: Actor = customer) =>
      (await running.ask<{ ptOrders: Page }[]>(OF_ACCOUNT, { id: customer.accountId, ...args }, actor)).data?.[0]?.ptOrders;
    const idsOf = (page: Page | null | undefined) => page?.edges.map(({ node }) => node.id);
    const page = await list({ first: 2 });
    expect(page?.pageInfo.hasNextPage).toBe(true);
    expect(idsOf(page)).toEqual(ids.slice(0, 2));
    expect(idsOf(await list({ first: 2, after: page?.pageInfo.endCursor }))).toEqual(ids.slice(2));
    expect(idsOf(await list({ status: 'CANCELLING' }))).toEqual([ids[1]]);
    expect(idsOf(await list({}, manager))).toEqual(ids);
    for (const actor of [stranger, anonymous]) expect(idsOf(await list({}, actor))).toEqual([]);

    const operations = (args: object, actor: Actor = manager) => running.ask<Page>(OPERATIONS, args, actor);
    const { data } = await operations({ first: 2 }, admin);
    expect(idsOf(data)).toEqual(ids.slice(0, 2));
    expect(idsOf((await operations({ first: 1, after: data?.pageInfo.endCursor })).data)).toEqual(ids.slice(2));
    expect(idsOf((await operations({ first: 1, status: 'CANCELLING' })).data)).toEqual([ids[1]]);
    for (const actor of [customer, stranger]) expect((await operations({}, actor)).refusal?.code).toBe('FORBIDDEN');
    expect((await operations({}, anonymous)).refusal?.code).toBe('UNAUTHENTICATED');
    expect((await operations({ first: 0 })).refusal?.code).toBe('BAD_INPUT');
  });
});

describe('watching', () => {
  type Change = { status: string; cursor: string; order: Shown };
  const STATUS = (args = '') => `subscription { ptOrderStatusChanged${args} { status occurredAt cursor order ${ORDER} } }`;

  it('tells each status of your own, and again what was missed', async () => {
    const customer = running.customer();
    const changes = await running.watch<Change>(STATUS(), customer);
    await eventually(async () => {
      await running.ordered(customer);
      return changes.seen.length > 0;
    });
    const [one] = [await running.ordered(customer), await running.ordered()];
    await one.accepted();
    await one.is('ACCEPTED');
    await one.assigned();
    await one.confirmed();
    await one.is('CONFIRMED');
    await one.cancel();
    await one.posted();
    const mine = () => changes.seen.filter(({ order }) => order.id === one.id);
    await eventually(() => mine().length === 5);
    expect(mine().map(({ status }) => status)).toEqual(['ORDERED', 'ACCEPTED', 'CONFIRMED', 'CANCELLING', 'COMPLETED']);
    for (const { order } of changes.seen) expect(order).toMatchObject({ account: { id: customer.accountId } });
    await changes.stop();
    const after = `(orderId: "${one.id}", after: "${mine()[0]?.cursor}")`;
    for (const actor of [customer, one.trainer, manager]) {
      const again = await running.watch<Change>(STATUS(after), actor);
      await eventually(() => again.seen.length === 4);
      expect(again.seen.map(({ status }) => status)).toEqual(['ACCEPTED', 'CONFIRMED', 'CANCELLING', 'COMPLETED']);
      await again.stop();
    }
  });

  it("is refused for another's order, for a broken cursor, and to nobody in particular", async () => {
    const one = await running.ordered();
    const refusal = async (query: string, actor: Actor) => (await running.watch(query, actor)).ended;
    for (const actor of [stranger, one.trainer]) expect(await refusal(STATUS(`(orderId: "${one.id}")`), actor)).toBe('NOT_FOUND');
    expect(await refusal(STATUS('(orderId: "x")'), one.customer)).toBe('NOT_FOUND');
    expect(await refusal(STATUS('(after: "x")'), one.customer)).toBe('BAD_INPUT');
    expect(await refusal(STATUS(), anonymous)).toBe('UNAUTHENTICATED');
  });
});
