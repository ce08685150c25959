import { anonymous, user } from '@madang/kernel/domain';
import { eventually } from '@madang/kernel/testing';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ASSIGNMENT, admin, manager, type Order, type PtYard, ptYard, type Shown } from './testing/yard.ts';

let yard: PtYard;
let trainerId: string;
beforeAll(async () => {
  yard = await ptYard();
  trainerId = await yard.trainer();
});
afterAll(() => yard?.close());

const stranger = user('01900000-0000-7000-8000-0000000000ff', 'CUSTOMER', 'TRAINER');
const customer = ({ accountId }: Order) => user(accountId, 'CUSTOMER');
const told = async (order: Order) => yard.told((await yard.assignment(order))?.id ?? '');

describe('an order', () => {
  it('is taken in, assigned by a manager, and confirmed by the trainer, once each', async () => {
    const order = yard.order();
    await yard.ordered(order, 3);
    await yard.isAssignment(order, 'ORDER_ACCEPTED');
    const by = await yard.trainer();
    const [assigned, again] = [await yard.assign(order, by), await yard.assign(order, by)];
    expect(assigned.data).toMatchObject({
      status: 'TRAINER_ASSIGNED',
      className: '자세 교정 PT',
      durationMinutes: 50,
      trainer: { id: by },
      lessonAt: null,
      account: { id: order.accountId },
      order: { id: order.orderId },
    });
    expect(again.data).toEqual(assigned.data);
    await yard.isSchedule(order, 'REQUESTED');
    expect((await yard.confirm(order, by, new Date(Date.now() + 24 * 3_600_000))).data?.status).toBe('CONFIRMED');
    await yard.isAssignment(order, 'ORDER_CONFIRMED');
    expect((await yard.assign(order, by)).data).toMatchObject({
      status: 'ORDER_CONFIRMED',
      lessonAtInSeoul: expect.stringContaining('+09:00'),
    });
    expect(await told(order)).toEqual(['PtOrderAccepted', 'TrainerAssigned', 'PtAssignmentConfirmed']);
  });

  it('is assigned to a trainer only, and to one', async () => {
    const order = await yard.come('ORDER_ACCEPTED', trainerId);
    for (const nobody of [uuidv7(), await yard.trainer('MANAGER'), order.accountId])
      expect((await yard.assign(order, nobody)).refusal).toMatchObject({ code: 'NOT_A_TRAINER', field: 'trainerId' });
    await yard.assign(order, trainerId);
    expect((await yard.assign(order, await yard.trainer())).refusal).toMatchObject({ code: 'ALREADY_ASSIGNED', field: 'trainerId' });
    expect((await yard.assign(yard.order(), trainerId)).refusal?.code).toBe('NOT_FOUND');
    expect((await yard.assign({ ...order, orderId: 'a.b' }, trainerId)).refusal).toMatchObject({ code: 'BAD_INPUT', field: 'orderId' });
    expect((await yard.assign(order, '')).refusal).toMatchObject({ code: 'BAD_INPUT', field: 'trainerId' });
  });
});

describe('a cancellation', () => {
  it.each(['ORDER_ACCEPTED', 'TRAINER_ASSIGNED', 'ORDER_CONFIRMED'] as const)(
    'of one that is %s cancels schedule and assignment, once',
    async (stage) => {
      const order = await yard.come(stage, await yard.trainer());
      const before = await told(order);
      await yard.cancellationRequested(order, 3);
      await yard.isAssignment(order, 'CANCELLED');
      expect((await yard.schedule(order))?.status).toBe('CANCELLED');
      expect(await told(order)).toEqual([...before, 'PtAssignmentCancelAccepted', 'PtAssignmentCancelled']);
      expect((await yard.assign(order, trainerId)).refusal?.code).toBe('ORDER_CANCELLED');
    },
  );

  it('that comes before the order keeps it from ever being taken in', async () => {
    const order = yard.order();
    await yard.cancellationRequested(order);
    await yard.isAssignment(order, 'CANCELLED');
    await yard.ordered(order);
    await yard.come('ORDER_ACCEPTED', trainerId);
    expect((await yard.schedule(order))?.status).toBe('CANCELLED');
    expect(await told(order)).toEqual(['PtAssignmentCancelAccepted', 'PtAssignmentCancelled']);
    const { data } = await yard.ask<Shown>(
      `query ($id: ID!) { trainerAssignment(id: $id) ${ASSIGNMENT} }`,
      { id: (await yard.assignment(order))?.id },
      customer(order),
    );
    expect(data).toMatchObject({
      status: 'CANCELLED',
      className: null,
      trainer: null,
      acceptedAt: null,
      cancelAcceptedAt: expect.any(String),
    });
  });

  it('is refused when the lesson has been held: it stays confirmed', async () => {
    const by = await yard.trainer();
    const order = await yard.come('ORDER_CONFIRMED', by);
    await yard.post(order, by);
    await yard.cancellationRequested(order);
    await eventually(async () => (await told(order)).at(-1) === 'PtAssignmentCancelRefused');
    expect(await yard.assignment(order)).toMatchObject({ status: 'ORDER_CONFIRMED', cancelAcceptedAt: null });
    expect((await yard.schedule(order))?.status).toBe('RESULT_POSTED');
    expect(await yard.openIntents()).toEqual([]);
  });

  it('is accepted while the trainers are away, and comes true when they are back', async () => {
    const orders = [await yard.come('ORDER_ACCEPTED', trainerId), await yard.come('ORDER_CONFIRMED', await yard.trainer())];
    await yard.trainers.kill();
    for (const order of orders) await yard.cancellationRequested(order);
    for (const order of orders) await yard.isAssignment(order, 'ORDER_CANCEL_ACCEPTED');
    await eventually(async () => (await yard.openIntents()).every((intent) => (intent as { last_error?: string | null }).last_error));
    for (const order of orders) expect((await yard.assignment(order))?.status).toBe('ORDER_CANCEL_ACCEPTED');
    expect(await yard.openIntents()).toHaveLength(2);
    await yard.trainers.start();
    for (const order of orders) await yard.isAssignment(order, 'CANCELLED', 20_000);
    for (const order of orders) expect((await yard.schedule(order))?.status).toBe('CANCELLED');
    expect(await yard.openIntents()).toEqual([]);
  });
});

describe('who may do what', () => {
  it('is a manager’s', async () => {
    const order = await yard.come('ORDER_ACCEPTED', trainerId);
    for (const actor of [customer(order), stranger, admin])
      expect((await yard.assign(order, trainerId, actor)).refusal?.code).toBe('FORBIDDEN');
    expect((await yard.assign(order, trainerId, anonymous)).refusal?.code).toBe('UNAUTHENTICATED');
    expect(await told(order)).toEqual(['PtOrderAccepted']);
  });

  it('is seen by who ordered and by staff, by the order too', async () => {
    const order = await yard.come('ORDER_ACCEPTED', trainerId);
    const id = (await yard.assignment(order))?.id ?? '';
    const one = (actor: Parameters<typeof yard.ask>[2], wanted = id) =>
      yard.ask<Shown>(`query ($id: ID!) { trainerAssignment(id: $id) ${ASSIGNMENT} }`, { id: wanted }, actor);
    for (const actor of [customer(order), manager, admin]) expect((await one(actor)).data?.id).toBe(id);
    for (const wanted of [id, uuidv7(), 'x']) expect((await one(stranger, wanted)).refusal?.code).toBe('NOT_FOUND');
    expect((await one(anonymous)).refusal?.code).toBe('UNAUTHENTICATED');
    const entities = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on TrainerAssignment { id } ... on PtOrder { assignment { id } } } }`;
    const of = [
      { __typename: 'TrainerAssignment', id },
      { __typename: 'PtOrder', id: order.orderId },
      { __typename: 'PtOrder', id: uuidv7() },
    ];
    expect((await yard.ask(entities, { of }, customer(order))).data).toEqual([{ id }, { assignment: { id } }, { assignment: null }]);
    for (const actor of [stranger, anonymous])
      expect((await yard.ask(entities, { of }, actor)).data).toEqual([null, { assignment: null }, { assignment: null }]);
  });

  it('is listed for operations, newest first, in pages, by status', async () => {
    const orders = [];
    for (const stage of ['ORDER_ACCEPTED', 'TRAINER_ASSIGNED', 'ORDER_ACCEPTED'] as const)
      orders.unshift(await yard.come(stage, trainerId));
    const ids = await Promise.all(orders.map(async (order) => (await yard.assignment(order))?.id));
    type Page = { edges: { node: Shown }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
    const list = (args: object, actor = manager) =>
      yard.ask<Page>(
        `query ($first: Int, $after: String, $status: TrainerAssignmentStatus) { operationsTrainerAssignments(first: $first, after: $after, status: $status) {
          edges { node { id } } pageInfo { hasNextPage endCursor } } }`,
        args,
        actor,
      );
    const idsOf = async (args: object) => (await list(args)).data?.edges.map(({ node }) => node.id);
    const { data } = await list({ first: 2 }, admin);
    expect(data?.edges.map(({ node }) => node.id)).toEqual(ids.slice(0, 2));
    expect(data?.pageInfo.hasNextPage).toBe(true);
    expect(await idsOf({ first: 1, after: data?.pageInfo.endCursor })).toEqual(ids.slice(2));
    expect((await idsOf({ first: 1, status: 'TRAINER_ASSIGNED' }))?.[0]).toBe(ids[1]);
    expect((await list({}, stranger)).refusal?.code).toBe('FORBIDDEN');
    expect((await list({ first: 0 })).refusal?.code).toBe('BAD_INPUT');
  });
});

it('nothing that it heard of was too much for it', async () => {
  expect(await yard.deadLetters()).toEqual([]);
});
