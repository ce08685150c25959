import { anonymous, type User, user } from '@madang/kernel/domain';
import { eventually } from '@madang/kernel/testing';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  admin,
  manager,
  type Order,
  ptManagers,
  type RunningPtTrainers,
  runningPtTrainers,
  SCHEDULE,
  type Shown,
} from './testing/running-pt-trainers.ts';

let ahead = 0;
let running: RunningPtTrainers;
let trainer: User;
beforeAll(async () => {
  running = await runningPtTrainers({ clock: { now: () => new Date(Date.now() + ahead) } });
  trainer = await running.trainer();
});
afterAll(() => running?.close());

const DAY = 24 * 3_600_000;
const stranger = user('01900000-0000-7000-8000-0000000000ff', 'CUSTOMER', 'TRAINER');
const customer = ({ accountId }: Order) => user(accountId, 'CUSTOMER');
let day = 0;
/** Another morning, when nobody teaches yet. */
const morning = () => new Date(Math.floor(Date.now() / DAY) * DAY + ++day * DAY + 3_600_000);

const requested = () => running.requested(running.order({ trainerId: trainer.accountId }));
/** A schedule of a lesson that begins now. */
async function underWay() {
  const order = await running.requested(running.order());
  expect((await running.confirm(order.id, new Date(), running.asTrainer(order))).refusal).toBeUndefined();
  return { ...order, by: running.asTrainer(order) };
}

describe('a schedule', () => {
  it('follows an assignment, is confirmed by its trainer, and has a result, once each', async () => {
    const order = running.order({ trainerId: trainer.accountId });
    await running.assigned(order, 3);
    const { id } = await running.requested(order);
    const at = morning();
    const inSeoul = `${new Date(at.getTime() + 9 * 3_600_000).toISOString().slice(0, 19)}+09:00`;
    expect((await running.post(id, '이르다', trainer)).refusal?.code).toBe('NOT_CONFIRMED');
    const [confirmed, again] = [await running.confirm(id, inSeoul, trainer), await running.confirm(id, at, trainer)];
    expect(confirmed.data).toMatchObject({
      status: 'CONFIRMED',
      className: '자세 교정 PT',
      lessonAt: at.toISOString(),
      lessonAtInSeoul: inSeoul,
      endsAt: new Date(at.getTime() + 50 * 60_000).toISOString(),
      result: null,
      account: { id: order.accountId },
      order: { id: order.orderId },
      trainer: { id: trainer.accountId },
    });
    expect(again.data).toEqual(confirmed.data);
    expect((await running.confirm(id, new Date(at.getTime() + 1), trainer)).refusal).toMatchObject({
      code: 'ALREADY_CONFIRMED',
      field: 'at',
    });
    expect((await running.post(id, '이르다', trainer)).refusal).toMatchObject({ code: 'LESSON_NOT_STARTED', lessonAt: at.toISOString() });
    ahead = at.getTime() - Date.now();
    const posted = await running.post(id, '좋아졌습니다.\n다음에는 스쿼트를.', trainer);
    expect(posted.data).toMatchObject({
      status: 'RESULT_POSTED',
      result: '좋아졌습니다.\n다음에는 스쿼트를.',
      resultPostedAt: expect.any(String),
    });
    expect((await running.post(id, '좋아졌습니다.\n다음에는 스쿼트를.', trainer)).data).toEqual(posted.data);
    expect((await running.post(id, '다르다', trainer)).refusal?.code).toBe('RESULT_ALREADY_POSTED');
    ahead = 0;
    expect(await running.told(id)).toEqual(['PtScheduleRequested', 'PtScheduleConfirmed', 'LessonResultPosted']);
  });

  it('may be of a lesson that begins right now, and has its result at once', async () => {
    const { id, by } = await underWay();
    expect((await running.post(id, '잘했습니다.', by)).data?.status).toBe('RESULT_POSTED');
  });
});

describe('a trainer’s time', () => {
  it('is taken by a lesson, before which and after which there may be others', async () => {
    const [one, ...more] = await Promise.all([1, 2, 3, 4, 5, 6].map(requested));
    const at = morning();
    const minutes = (count: number) => new Date(at.getTime() + count * 60_000);
    expect((await running.confirm(one?.id ?? '', at, trainer)).data?.status).toBe('CONFIRMED');
    for (const [index, from] of [0, -49, 49].entries())
      expect((await running.confirm(more[index]?.id ?? '', minutes(from), trainer)).refusal).toMatchObject({
        code: 'TRAINER_BUSY',
        field: 'at',
      });
    expect((await running.confirm(more[3]?.id ?? '', minutes(50), trainer)).refusal).toBeUndefined();
    expect((await running.confirm(more[4]?.id ?? '', minutes(-50), trainer)).refusal).toBeUndefined();
    const elsewhere = await running.requested(running.order());
    expect((await running.confirm(elsewhere.id, at, running.asTrainer(elsewhere))).refusal).toBeUndefined();
  });

  it('is free again when the lesson is cancelled', async () => {
    const [one, other] = [await requested(), await requested()];
    const at = morning();
    await running.confirm(one.id, at, trainer);
    expect((await running.confirm(other.id, at, trainer)).refusal?.code).toBe('TRAINER_BUSY');
    await running.cancel(one);
    expect((await running.confirm(other.id, at, trainer)).data?.status).toBe('CONFIRMED');
  });
});

describe('cancelling', () => {
  it('calls off a lesson, and gives the same answer again', async () => {
    const order = await requested();
    await running.confirm(order.id, morning(), trainer);
    const { data } = await running.cancel(order);
    expect(data).toMatchObject({ id: order.id, status: 'CANCELLED', lessonAt: expect.any(String), cancelledAt: expect.any(String) });
    expect((await running.cancel(order)).data).toEqual(data);
    expect((await running.cancel(order, ptManagers, 'another key')).data).toEqual(data);
    expect(await running.told(order.id)).toEqual(['PtScheduleRequested', 'PtScheduleConfirmed', 'PtScheduleCancelled']);
    for (const late of [running.confirm(order.id, morning(), trainer), running.post(order.id, '늦다', trainer)])
      expect((await late).refusal?.code).toBe('SCHEDULE_CANCELLED');
  });

  it('before it was requested keeps it from ever being', async () => {
    const order = running.order();
    const { data } = await running.cancel(order);
    expect(data).toMatchObject({ status: 'CANCELLED', className: null, trainer: null, requestedAt: null });
    const before = await running.handled();
    await running.assigned(order);
    await eventually(async () => (await running.handled()) > before);
    expect(await running.schedule(order)).toMatchObject({ status: 'CANCELLED', trainerId: null });
    expect((await running.confirm(data?.id ?? '', morning(), running.asTrainer(order))).refusal?.code).toBe('NOT_FOUND');
    expect(await running.told(data?.id ?? '')).toEqual(['PtScheduleCancelled']);
  });

  it('is refused when the lesson has been held, and tells which', async () => {
    const order = await underWay();
    await running.post(order.id, '잘했습니다.', order.by);
    const { lessonAt } = (await running.schedule(order)) ?? {};
    expect((await running.cancel(order)).refusal).toMatchObject({
      ...{ code: 'LESSON_RESULT_POSTED', scheduleId: order.id, trainerId: order.trainerId },
      lessonAt: new Date(lessonAt ?? '').toISOString(),
    });
    expect((await running.schedule(order))?.status).toBe('RESULT_POSTED');
  });

  it('is for other contexts only, for the account that ordered, and says what is wrong', async () => {
    const order = await requested();
    for (const actor of [customer(order), trainer, manager, admin, anonymous])
      expect((await running.cancel(order, actor)).refusal?.code).toBe('FORBIDDEN');
    expect((await running.cancel({ ...order, accountId: uuidv7() })).refusal?.code).toBe('NOT_FOUND');
    expect((await running.cancel({ ...order, orderId: 'a.b' })).refusal).toMatchObject({ code: 'BAD_INPUT', field: 'orderId' });
    expect((await running.cancel(order, ptManagers, '')).refusal).toMatchObject({ code: 'BAD_INPUT', field: 'idempotencyKey' });
    await running.cancel(running.order(), ptManagers, 'one key');
    expect((await running.cancel(order, ptManagers, 'one key')).refusal?.code).toBe('IDEMPOTENCY_CONFLICT');
    expect((await running.schedule(order))?.status).toBe('REQUESTED');
  });
});

describe('who may do what', () => {
  it('is its trainer’s alone', async () => {
    const order = await requested();
    const both = (actor: Parameters<typeof running.post>[2], id = order.id) => [
      running.confirm(id, morning(), actor),
      running.post(id, '좋다', actor),
    ];
    for (const [code, actor, id] of [
      ['NOT_FOUND', stranger, order.id],
      ['NOT_FOUND', trainer, uuidv7()],
      ['FORBIDDEN', customer(order), order.id],
      ['FORBIDDEN', manager, order.id],
      ['FORBIDDEN', admin, order.id],
      ['UNAUTHENTICATED', anonymous, order.id],
    ] as const)
      for (const answer of both(actor, id)) expect((await answer).refusal?.code).toBe(code);
    for (const answer of both(trainer, 'x')) expect((await answer).refusal).toMatchObject({ code: 'BAD_INPUT', field: 'scheduleId' });
    for (const at of [new Date(Date.now() - 61_000), new Date(Date.now() + 400 * DAY), '9999-12-31T23:59:59Z', '0001-01-01T00:00:00Z'])
      expect((await running.confirm(order.id, at, trainer)).refusal).toMatchObject({ code: 'BAD_INPUT', field: 'at' });
    for (const text of ['  ', 'a\u0000b', 'x'.repeat(2_001)])
      expect((await running.post(order.id, text, trainer)).refusal).toMatchObject({ code: 'BAD_INPUT', field: 'result' });
    expect((await running.schedule(order))?.status).toBe('REQUESTED');
    expect(await running.told(order.id)).toEqual(['PtScheduleRequested']);
  });

  it('is seen by its customer, its trainer and staff, by its order too', async () => {
    const order = await requested();
    const one = (actor: Parameters<typeof running.ask>[2], id = order.id) =>
      running.ask<Shown>(`query ($id: ID!) { ptSchedule(id: $id) ${SCHEDULE} }`, { id }, actor);
    for (const actor of [customer(order), trainer, manager, admin]) expect((await one(actor)).data?.id).toBe(order.id);
    for (const id of [order.id, uuidv7(), 'x']) expect((await one(stranger, id)).refusal?.code).toBe('NOT_FOUND');
    expect((await one(anonymous)).refusal?.code).toBe('UNAUTHENTICATED');
    const entities = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on PtSchedule { id } ... on PtOrder { schedule { id } } ... on Trainer { id displayName } } }`;
    const of = [
      { __typename: 'PtSchedule', id: order.id },
      { __typename: 'PtOrder', id: order.orderId },
      { __typename: 'PtOrder', id: uuidv7() },
      { __typename: 'Trainer', id: trainer.accountId },
      { __typename: 'Trainer', id: order.accountId },
    ];
    const { id } = order;
    const mine = [{ id }, { schedule: { id } }, { schedule: null }, { id: trainer.accountId, displayName: '이강사' }, null];
    for (const actor of [customer(order), trainer]) expect((await running.ask(entities, { of }, actor)).data).toEqual(mine);
    expect((await running.ask(entities, { of }, stranger)).data).toEqual([null, { schedule: null }, ...mine.slice(2)]);
    expect((await running.ask(entities, { of }, anonymous)).data).toEqual([null, { schedule: null }, { schedule: null }, null, null]);
  });
});

it('nothing that it heard of was too much for it', async () => {
  expect(await running.deadLetters()).toEqual([]);
});
