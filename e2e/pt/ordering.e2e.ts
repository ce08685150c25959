import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectTold, watchMessages } from '../harness/messages.ts';
import { expectToPaginateAndFilter } from '../harness/pages.ts';
import { anonymous, demo, newCustomer, type Person } from '../harness/people.ts';
import {
  assigned,
  assignTrainer,
  cancelPtOrder,
  confirmed,
  confirmSchedule,
  type LessonResult,
  newTrainer,
  orderPt,
  PT_CLASS,
  postResult,
  ptBecomes,
  ptOrderBecomes,
  READ_PT_ORDER,
  RESULT,
  readPtOrder,
  readPtOrderAcross,
  refusalToAssign,
  refusalToCancelPtOrder,
  refusalToConfirmSchedule,
  refusalToOrderPt,
  refusalToPostResult,
  scheduleOf,
  slot,
  tryToConfirmSchedule,
  WATCH_LESSON_RESULTS,
  WATCH_PT_ORDERS,
  watchLessonResults,
  watchPtOrders,
} from '../harness/pt.ts';
import { expectPtOutcomes, PT_CONFIRMED, PT_TAUGHT } from '../harness/pt-outcomes.ts';
import { PATIENT_EDGES, type System, startSystem } from '../harness/system.ts';
import { statusOf } from '../harness/textbooks.ts';
import { eventually } from '../harness/until.ts';

const HOUR_MS = 3_600_000;
const later = (at: string, ms: number) => new Date(new Date(at).getTime() + ms).toISOString();

let system: System;
let manager: Person;
let admin: Person;

beforeAll(async () => {
  system = await startSystem({ env: PATIENT_EDGES });
  [manager, admin] = [await demo(system, 'manager'), await demo(system, 'admin')];
});
afterAll(() => system?.stop());

const code = (is: string) => ({ extensions: { code: is } });
const customerAndTrainer = () => Promise.all([newCustomer(system, { card: null }), newTrainer(system, admin)]);

describe.concurrent('a customer who orders a PT lesson', () => {
  test('is assigned a trainer, has that trainer and no other confirm and hold it, and is told of its result across three subgraphs', async () => {
    const [[customer, trainer], other] = [await customerAndTrainer(), await newTrainer(system, admin)];
    const [changes, results, messages] = [await watchPtOrders(customer), await watchLessonResults(customer), await watchMessages(customer)];
    const [taught, notTaught] = [await watchLessonResults(trainer), await watchLessonResults(other)];
    const order = await orderPt(customer);
    const { name: className, price, durationMinutes } = PT_CLASS;
    expect(order).toMatchObject({ status: 'ORDERED', className, price, durationMinutes });
    await ptBecomes(customer, order.id, { order: 'ACCEPTED', assignment: 'ORDER_ACCEPTED' });
    expect(await refusalToAssign(manager, order.id, customer.accountId)).toMatchObject(code('NOT_A_TRAINER'));
    await assignTrainer(manager, order.id, trainer.accountId);
    const schedule = await scheduleOf(customer, order.id);

    expect(await refusalToConfirmSchedule(other, schedule)).toMatchObject(code('NOT_FOUND'));
    for (const who of [customer, manager, admin]) expect(await refusalToConfirmSchedule(who, schedule)).toMatchObject(code('FORBIDDEN'));
    await confirmSchedule(trainer, schedule);
    await ptBecomes(customer, order.id, { order: 'CONFIRMED', assignment: 'ORDER_CONFIRMED', schedule: 'CONFIRMED' });
    expect(await refusalToPostResult(other, schedule)).toMatchObject(code('NOT_FOUND'));
    await postResult(trainer, schedule);
    await ptOrderBecomes(customer, order.id, 'COMPLETED');

    await changes.are(statusOf, ['ORDERED', 'ACCEPTED', 'CONFIRMED', 'COMPLETED']);
    const pushed = ({ result, order, trainer, schedule }: LessonResult) => [result, order.id, order.ptClass, trainer, schedule.status];
    const posted = [
      RESULT,
      order.id,
      { id: PT_CLASS.id, name: className },
      { id: trainer.accountId, displayName: '이강사' },
      'RESULT_POSTED',
    ];
    for (const heard of [results, taught]) await heard.are(pushed, [posted]);
    expect(notTaught.all).toEqual([]);
    await expectTold(messages, ['PT_ORDER_CONFIRMED', 'PT_LESSON_RESULT_POSTED']);
    for (const { message } of messages.all) {
      expect(message).toMatchObject({ about: { type: 'PT_ORDER', id: order.id }, body: expect.stringContaining(`「${className}」`) });
      if (message.template === 'PT_LESSON_RESULT_POSTED') expect(message.body).toContain(RESULT);
    }
    expect(await readPtOrderAcross(trainer, order.id)).toMatchObject({ trainer: { id: trainer.accountId }, schedule: { result: RESULT } });
    await expectPtOutcomes(system, [order.id], PT_TAUGHT);
  });

  test('is taught by a trainer who holds one lesson at a time, however many are confirmed at once', async () => {
    const [customer, trainer] = await customerAndTrainer();
    const [one, ...others] = await Promise.all([0, 1, 2, 3, 4].map(() => assigned(customer, manager, trainer)));
    const all = [one as NonNullable<typeof one>, ...others];
    const answers = await Promise.all(all.map(({ scheduleId }) => tryToConfirmSchedule(trainer, scheduleId, slot(1))));
    const refused = answers.flatMap(({ errors }) => errors ?? []);
    expect(refused.map(({ extensions }) => [extensions.code, extensions.field])).toEqual(Array(4).fill(['TRAINER_BUSY', 'at']));
    const held = all.find((_, index) => answers[index]?.data) as (typeof all)[number];
    const [next, another] = all.filter(({ id }) => id !== held.id) as [typeof held, typeof held];
    await ptOrderBecomes(customer, held.id, 'CONFIRMED');

    const minutes = PT_CLASS.durationMinutes * 60_000;
    for (const at of [later(slot(1), -minutes + 60_000), later(slot(1), minutes - 60_000)])
      expect(await refusalToConfirmSchedule(trainer, next.scheduleId, at)).toMatchObject({
        extensions: { code: 'TRAINER_BUSY', field: 'at' },
      });
    await confirmSchedule(trainer, next.scheduleId, later(slot(1), minutes));
    await cancelPtOrder(customer, held.id);
    await ptOrderBecomes(customer, held.id, 'CANCELLED');
    await confirmSchedule(trainer, another.scheduleId, slot(1));
    const busy = await newTrainer(system, admin);
    const { scheduleId } = await assigned(customer, manager, busy);
    await confirmSchedule(busy, scheduleId, slot(1));
  });

  test('is told when something cannot be done, and by whom it can', async () => {
    const [[customer, trainer], other] = [await customerAndTrainer(), await newTrainer(system, admin)];
    const { id } = await orderPt(customer);
    await ptOrderBecomes(customer, id, 'ACCEPTED');
    for (const who of [customer, trainer, admin])
      expect(await refusalToAssign(who, id, trainer.accountId)).toMatchObject(code('FORBIDDEN'));
    expect(await refusalToAssign(manager, customer.accountId, trainer.accountId)).toMatchObject(code('NOT_FOUND'));
    const assignment = await assignTrainer(manager, id, trainer.accountId);
    expect(await assignTrainer(manager, id, trainer.accountId)).toEqual(assignment);
    await assignTrainer(manager, (await orderPt(customer)).id, other.accountId);
    expect(await refusalToAssign(manager, id, other.accountId)).toMatchObject(code('ALREADY_ASSIGNED'));

    const schedule = await scheduleOf(customer, id);
    expect(await refusalToPostResult(trainer, schedule)).toMatchObject(code('NOT_CONFIRMED'));
    for (const at of [new Date(Date.now() - HOUR_MS).toISOString(), later(slot(0), 400 * 24 * HOUR_MS)])
      expect(await refusalToConfirmSchedule(trainer, schedule, at)).toMatchObject({ extensions: { code: 'BAD_INPUT', field: 'at' } });
    const kept = await confirmSchedule(trainer, schedule, slot(2));
    expect(await confirmSchedule(trainer, schedule, slot(2))).toEqual(kept);
    expect(await refusalToConfirmSchedule(trainer, schedule, slot(3))).toMatchObject(code('ALREADY_CONFIRMED'));
    expect(await refusalToPostResult(trainer, schedule)).toMatchObject({ extensions: { code: 'LESSON_NOT_STARTED', lessonAt: slot(2) } });
    await ptOrderBecomes(customer, id, 'CONFIRMED');
    await expectPtOutcomes(system, [id], PT_CONFIRMED);

    await cancelPtOrder(customer, id);
    await ptOrderBecomes(customer, id, 'CANCELLED');
    expect(await refusalToAssign(manager, id, trainer.accountId)).toMatchObject(code('ORDER_CANCELLED'));
    expect(await refusalToConfirmSchedule(trainer, schedule, slot(2))).toMatchObject(code('SCHEDULE_CANCELLED'));
    expect(await refusalToPostResult(trainer, schedule)).toMatchObject(code('SCHEDULE_CANCELLED'));
    const held = await confirmed(customer, manager, trainer);
    await postResult(trainer, held.scheduleId);
    expect((await postResult(trainer, held.scheduleId)).status).toBe('RESULT_POSTED');
    expect(await refusalToPostResult(trainer, held.scheduleId, '다른 말')).toMatchObject(code('RESULT_ALREADY_POSTED'));
  });

  test('does not get at anybody else’s order, schedule or result; staff do, and the trainer that is on it', async () => {
    const [[owner, trainer], [stranger, other]] = await Promise.all([customerAndTrainer(), customerAndTrainer()]);
    const [heard, results] = [await watchPtOrders(stranger), await watchLessonResults(stranger)];
    const { id, scheduleId } = await confirmed(owner, manager, trainer);
    await postResult(trainer, scheduleId);
    await ptOrderBecomes(owner, id, 'COMPLETED');
    const SCHEDULE = 'query($id: ID!) { ptSchedule(id: $id) { result order { id status } } }';
    for (const who of [stranger, other]) {
      expect(await who.refusal(READ_PT_ORDER, { id })).toMatchObject(code('NOT_FOUND'));
      expect(await who.refusal(SCHEDULE, { id: scheduleId })).toMatchObject(code('NOT_FOUND'));
      for (const query of [WATCH_PT_ORDERS, WATCH_LESSON_RESULTS])
        expect(await who.tryToWatch(query, { id }).refusal()).toMatchObject(code('NOT_FOUND'));
    }
    for (const who of [stranger, trainer, manager]) expect(await refusalToCancelPtOrder(who, id)).toMatchObject(code('NOT_FOUND'));
    for (const list of ['operationsPtOrders', 'operationsTrainerAssignments', 'operationsPtSchedules', 'trainers'])
      expect(await stranger.refusal(`{ ${list} { edges { node { id } } } }`)).toMatchObject(code('FORBIDDEN'));
    const nobody = anonymous(system);
    expect(await nobody.refusal(READ_PT_ORDER, { id })).toMatchObject(code('UNAUTHENTICATED'));
    expect(await nobody.refusal(SCHEDULE, { id: scheduleId })).toMatchObject(code('UNAUTHENTICATED'));
    for (const who of [owner, trainer, manager, admin])
      expect(await who.data(SCHEDULE, { id: scheduleId })).toEqual({ ptSchedule: { result: RESULT, order: { id, status: 'COMPLETED' } } });
    const own = await orderPt(stranger);
    await heard.are(({ order }) => order.id, [own.id, own.id]);
    expect(results.all).toEqual([]);
  });

  test('who was away during changes, and a result, gets them with `after`, each once and in order', async () => {
    const [customer, trainer] = await customerAndTrainer();
    const [before, results] = [await watchPtOrders(customer), await watchLessonResults(customer)];
    const first = await confirmed(customer, manager, trainer);
    await postResult(trainer, first.scheduleId, '첫 번째');
    const [{ cursor }, seen] = [await before.one(({ status }) => status === 'ORDERED'), await results.one(() => true)];
    await Promise.all([before.leave(), results.leave()]);
    await ptOrderBecomes(customer, first.id, 'COMPLETED');
    const other = await newTrainer(system, admin);
    const second = await confirmed(customer, manager, other);
    await postResult(other, second.scheduleId, '두 번째');
    await ptOrderBecomes(customer, second.id, 'COMPLETED');
    const later = await watchPtOrders(customer, { id: first.id, after: cursor });
    await later.are(statusOf, ['ACCEPTED', 'CONFIRMED', 'COMPLETED']);
    await (await watchLessonResults(customer, { after: seen.cursor })).are(({ result }) => result, ['두 번째']);
  });

  test('who sends the same request twice has one order, with the class as it was then', async () => {
    const customer = await newCustomer(system, { card: null });
    const REGISTER = 'mutation($input: RegisterPtClassInput!) { registerPtClass(input: $input) { id } }';
    const particulars = { name: '수영 PT', description: '자유형을 배웁니다.', durationMinutes: 40 };
    const { registerPtClass } = await admin.data<{ registerPtClass: { id: string } }>(REGISTER, {
      input: { ...particulars, price: 30_000 },
    });
    const wish = { classId: registerPtClass.id, idempotencyKey: 'the same' };
    const [one, same] = await Promise.all([orderPt(customer, wish), orderPt(customer, wish)]);
    await admin.data(REGISTER, { input: { ...particulars, price: 35_000 } });
    expect([same.id, (await orderPt(customer, wish)).id]).toEqual([one.id, one.id]);
    expect(await refusalToOrderPt(customer, { ...wish, classId: PT_CLASS.id })).toMatchObject(code('IDEMPOTENCY_CONFLICT'));
    expect(await readPtOrder(customer, one.id)).toMatchObject({ className: '수영 PT', price: 30_000, durationMinutes: 40 });
    expect(await system.databases.count('pt_orders', 'SELECT count(*) FROM "PtOrder" WHERE "accountId" = $1', [customer.accountId])).toBe(
      1,
    );
  });
});

test('every status is shown by `me`, by references and in lists, which can be paged through and filtered', async () => {
  const [customer, trainer] = await customerAndTrainer();
  const taught = await confirmed(customer, manager, trainer);
  await postResult(trainer, taught.scheduleId);
  const kept = await confirmed(customer, manager, trainer, slot(1));
  const given = await assigned(customer, manager, trainer);
  const cancelled = await assigned(customer, manager, trainer);
  await cancelPtOrder(customer, cancelled.id);
  const accepted = await orderPt(customer);
  await ptOrderBecomes(customer, accepted.id, 'ACCEPTED');
  await ptBecomes(customer, cancelled.id, { order: 'CANCELLED' });

  const statuses = [
    [accepted.id, 'ACCEPTED', 'ORDER_ACCEPTED', null],
    [cancelled.id, 'CANCELLED', 'CANCELLED', 'CANCELLED'],
    [given.id, 'ACCEPTED', 'TRAINER_ASSIGNED', 'REQUESTED'],
    [kept.id, 'CONFIRMED', 'ORDER_CONFIRMED', 'CONFIRMED'],
    [taught.id, 'COMPLETED', 'ORDER_CONFIRMED', 'RESULT_POSTED'],
  ] as const;
  const PT = 'id status ptClass { name } account { displayName } assignment { status order { id } } schedule { status order { id } }';
  const reached = statuses.map(([id, status, assignment, schedule]) => ({
    id,
    status,
    ptClass: { name: PT_CLASS.name },
    account: { displayName: '김이투' },
    assignment: { status: assignment, order: { id } },
    schedule: schedule && { status: schedule, order: { id } },
  }));
  await eventually(async () =>
    expect(
      await customer.data(`{ me {
        ptOrders { edges { node { ${PT} } } }
        myPage { ptOrders { edges { node { status assignmentStatus scheduleStatus className order { ${PT} } } } } }
      } }`),
    ).toEqual({
      me: {
        ptOrders: { edges: reached.map((node) => ({ node })) },
        myPage: {
          ptOrders: {
            edges: statuses.map(([, status, assignmentStatus, scheduleStatus], index) => ({
              node: { status, assignmentStatus, scheduleStatus, className: PT_CLASS.name, order: reached[index] },
            })),
          },
        },
      },
    }),
  );

  const OF_ORDERS = ['ACCEPTED', 'CONFIRMED', 'COMPLETED', 'CANCELLED'];
  const OF_SCHEDULES = ['REQUESTED', 'CONFIRMED', 'RESULT_POSTED', 'CANCELLED'];
  const OF_ASSIGNMENTS = ['ORDER_ACCEPTED', 'TRAINER_ASSIGNED', 'ORDER_CONFIRMED', 'CANCELLED'];
  for (const at of ['me ptOrders', 'myPage ptOrders']) await expectToPaginateAndFilter(customer, { at, statuses: OF_ORDERS });
  for (const at of ['operationsPtOrders', 'operationsPage ptOrders']) await expectToPaginateAndFilter(manager, { at, statuses: OF_ORDERS });
  await expectToPaginateAndFilter(manager, { at: 'operationsTrainerAssignments', statuses: OF_ASSIGNMENTS });
  await expectToPaginateAndFilter(manager, { at: 'operationsPtSchedules', statuses: OF_SCHEDULES });
  await expectToPaginateAndFilter(trainer, { at: 'myPtSchedules', statuses: OF_SCHEDULES });
  await expectToPaginateAndFilter(manager, { at: 'trainers' });
  await expectToPaginateAndFilter(customer, { at: 'ptClasses' });
});

test('the demo’s customer has two orders from the start', async () => {
  const customer = await demo(system, 'customer');
  await eventually(async () => {
    const page = await customer.data('{ myPage { ptOrders { edges { node { className status assignmentStatus } } } } }');
    const node = (className: string) => ({ node: { className, status: 'ACCEPTED', assignmentStatus: 'ORDER_ACCEPTED' } });
    expect(page).toEqual({ myPage: { ptOrders: { edges: [node('자세 교정 PT'), node('체험 PT')] } } });
  });
});
