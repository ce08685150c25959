import { afterAll, beforeAll, expect, test } from 'vitest';
import { demo, newCustomer, type Person } from '../harness/people.ts';
import {
  assigned,
  assignTrainer,
  cancelPtOrder,
  confirmed,
  confirmSchedule,
  newTrainer,
  orderPt,
  PT_CLASS,
  postResult,
  ptBecomes,
  ptOrderBecomes,
  RESULT,
  readPtOrderAcross,
  refusalToAssign,
  refusalToConfirmSchedule,
  refusalToPostResult,
  scheduleOf,
  slot,
  watchLessonResults,
  watchPtOrders,
} from '../harness/pt.ts';
import { expectPtOutcomes, PT_CANCELLED, PT_TAUGHT, pollTogetherness } from '../harness/pt-outcomes.ts';
import { PATIENT_EDGES, type System, startSystem } from '../harness/system.ts';
import { statusOf } from '../harness/textbooks.ts';

let system: System;
let manager: Person;
let admin: Person;

beforeAll(async () => {
  system = await startSystem({ env: PATIENT_EDGES });
  [manager, admin] = [await demo(system, 'manager'), await demo(system, 'admin')];
});
afterAll(() => system?.stop());

test('a lesson is ordered, assigned, confirmed by that trainer and no other, held, and the customer is told of its result', async () => {
  const [customer, trainer, other] = [
    await newCustomer(system, { card: null }),
    await newTrainer(system, admin),
    await newTrainer(system, admin),
  ];
  const [changes, results] = [await watchPtOrders(customer), await watchLessonResults(customer)];
  const order = await orderPt(customer);
  expect(order).toMatchObject({
    status: 'ORDERED',
    className: PT_CLASS.name,
    price: PT_CLASS.price,
    durationMinutes: PT_CLASS.durationMinutes,
  });
  await ptBecomes(customer, order.id, { order: 'ACCEPTED', assignment: 'ORDER_ACCEPTED' });
  expect((await refusalToAssign(manager, order.id, customer.accountId)).extensions.code).toBe('NOT_A_TRAINER');
  await assignTrainer(manager, order.id, trainer.accountId);
  const schedule = await scheduleOf(customer, order.id);

  expect((await refusalToConfirmSchedule(other, schedule)).extensions.code).toBe('NOT_FOUND');
  await confirmSchedule(trainer, schedule);
  await ptBecomes(customer, order.id, { order: 'CONFIRMED', assignment: 'ORDER_CONFIRMED', schedule: 'CONFIRMED' });
  expect((await refusalToPostResult(other, schedule)).extensions.code).toBe('NOT_FOUND');
  await postResult(trainer, schedule);
  await ptOrderBecomes(customer, order.id, 'COMPLETED');

  await changes.are(statusOf, ['ORDERED', 'ACCEPTED', 'CONFIRMED', 'COMPLETED']);
  await results.are(
    ({ result, order, trainer, schedule }) => ({ result, of: order.ptClass?.name, by: trainer?.id, is: schedule.status }),
    [{ result: RESULT, of: PT_CLASS.name, by: trainer.accountId, is: 'RESULT_POSTED' }],
  );
  expect(await readPtOrderAcross(trainer, order.id)).toMatchObject({ trainer: { id: trainer.accountId, displayName: '이강사' } });
  await expectPtOutcomes(system, [order.id], PT_TAUGHT);
  expect(await cancelPtOrder(customer, order.id)).toMatchObject({
    status: 'COMPLETED',
    cancellationRejectedReason: 'LESSON_RESULT_POSTED',
  });
});

test('an order is cancelled at every stage: the assignment never without its schedule', async () => {
  const [customer, trainer] = [await newCustomer(system, { card: null }), await newTrainer(system, admin)];
  const ids: string[] = [];
  const poll = pollTogetherness(customer, () => ids);
  const { id: fresh } = await orderPt(customer);
  const { id: accepted } = await orderPt(customer);
  await ptOrderBecomes(customer, accepted, 'ACCEPTED');
  ids.push(fresh, accepted, (await assigned(customer, manager, trainer)).id, (await confirmed(customer, manager, trainer, slot(1))).id);
  for (const id of ids) expect((await cancelPtOrder(customer, id)).status).toBe('CANCELLING');
  for (const id of ids) await ptBecomes(customer, id, { order: 'CANCELLED', assignment: 'CANCELLED', schedule: 'CANCELLED' });
  await expectPtOutcomes(system, ids, PT_CANCELLED);
  expect(await poll.stop()).toMatchObject({ torn: [], cancelled: expect.toSatisfy((count: number) => count > 0) });
  await confirmed(customer, manager, trainer, slot(1));
});
