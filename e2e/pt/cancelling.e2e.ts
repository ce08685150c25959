import { afterAll, beforeAll, expect, test } from 'vitest';
import { deadLetters } from '../harness/broker.ts';
import type { Answer } from '../harness/client.ts';
import { expectEachMessageOnce, expectEachPageRowOnce } from '../harness/effects.ts';
import { expectTold, hasBeenTold, watchMessages } from '../harness/messages.ts';
import { demo, newCustomer, type Person } from '../harness/people.ts';
import {
  assigned,
  assignTrainer,
  cancelPtOrder,
  confirmed,
  newTrainer,
  orderPt,
  PT_CLASS,
  postResult,
  ptBecomes,
  ptOrderBecomes,
  slot,
  tryToAssign,
  tryToConfirmSchedule,
  tryToPostResult,
  watchPtOrders,
} from '../harness/pt.ts';
import { expectPtOutcomes, PT_CANCELLED, PT_TAUGHT, type PtOutcome, ptOutcomes } from '../harness/pt-outcomes.ts';
import { whileTogether } from '../harness/pt-togetherness.ts';
import { untilQuiet } from '../harness/quiet.ts';
import { PATIENT_EDGES, type System, startSystem } from '../harness/system.ts';
import { statusOf } from '../harness/textbooks.ts';
import { elapsed, eventually, sideBySide, upTo } from '../harness/until.ts';

const RACES = 200;
/** What the poll sees of orders: the last hundred. */
const ROUND = 100;

let system: System;
let manager: Person;
let admin: Person;
let customers: readonly Person[];
let trainers: readonly Person[];

beforeAll(async () => {
  system = await startSystem({ env: PATIENT_EDGES });
  [manager, admin] = [await demo(system, 'manager'), await demo(system, 'admin')];
  customers = await sideBySide(upTo(4), 2, () => newCustomer(system, { card: null }));
  trainers = await sideBySide(upTo(4), 2, () => newTrainer(system, admin));
});
afterAll(() => system?.stop());

const customerOf = (index: number) => customers[index % customers.length] as Person;
const trainerOf = (index: number) => trainers[index % trainers.length] as Person;

test('an order is cancelled at every stage: trainer and schedule are freed together, and the customer is told', async () => {
  const [customer, trainer] = [await newCustomer(system, { card: null }), trainerOf(0)];
  const [changes, messages] = [await watchPtOrders(customer), await watchMessages(customer)];
  await whileTogether(manager, async () => {
    const { id: accepted } = await orderPt(customer);
    await ptOrderBecomes(customer, accepted, 'ACCEPTED');
    const { id: given } = await assigned(customer, manager, trainer);
    const { id: settled } = await confirmed(customer, manager, trainer, slot(1_000));
    const { id: fresh } = await orderPt(customer);
    const ids = [fresh, accepted, given, settled];
    for (const id of ids) expect((await cancelPtOrder(customer, id)).status).toBe('CANCELLING');
    for (const id of ids) await ptBecomes(customer, id, { order: 'CANCELLED', assignment: 'CANCELLED', schedule: 'CANCELLED' });
    await expectPtOutcomes(system, ids, PT_CANCELLED);
    for (const id of ids) expect((await cancelPtOrder(customer, id)).status).toBe('CANCELLED');
    const { id: again } = await confirmed(customer, manager, trainer, slot(1_000));
    expect((await cancelPtOrder(customer, again)).status).toBe('CANCELLING');
    await ptOrderBecomes(customer, again, 'CANCELLED');
    const toldOf = (of: string) => changes.all.filter(({ order }) => order.id === of).map(statusOf);
    await eventually(() => expect(toldOf(again)).toEqual(['ORDERED', 'ACCEPTED', 'CONFIRMED', 'CANCELLING', 'CANCELLED']));
    for (const id of ids) expect(toldOf(id).slice(-2)).toEqual(['CANCELLING', 'CANCELLED']);
  });
  await expectTold(messages, [...Array(5).fill('PT_ORDER_CANCELLED'), 'PT_ORDER_CONFIRMED', 'PT_ORDER_CONFIRMED']);
  for (const { message } of messages.all) expect(message.body).toContain(`「${PT_CLASS.name}」`);
});

test('a lesson whose result is posted refuses the cancellation: it stays completed, and the customer is told so', async () => {
  const customer = await newCustomer(system, { card: null });
  const trainer = await newTrainer(system, admin);
  const { id, scheduleId } = await confirmed(customer, manager, trainer);
  await postResult(trainer, scheduleId);
  const rejected = { status: 'COMPLETED', cancellationRejectedReason: 'LESSON_RESULT_POSTED' };
  await ptOrderBecomes(customer, id, 'COMPLETED');
  await hasBeenTold(customer, ['PT_ORDER_CONFIRMED', 'PT_LESSON_RESULT_POSTED']);
  const [changes, messages] = [await watchPtOrders(customer), await watchMessages(customer)];
  expect(await cancelPtOrder(customer, id)).toMatchObject(rejected);
  expect(await cancelPtOrder(customer, id)).toMatchObject(rejected);
  // The rejection of the cancellation is a change, too: back to COMPLETED.
  await changes.are(statusOf, ['COMPLETED']);
  await expectTold(messages, ['PT_CANCELLATION_REJECTED']);
  expect(messages.all[0]?.message.body).toContain(`「${PT_CLASS.name}」`);
  await untilQuiet(system);
  await expectPtOutcomes(system, [id], PT_TAUGHT);
});

/** As many orders, as far as the managers have accepted them. */
async function acceptedOrders(count: number): Promise<string[]> {
  const ids = (await sideBySide(upTo(count), 8, (index) => orderPt(customerOf(index)))).map(({ id }) => id);
  await eventually(() => expectPtOutcomes(system, ids, { order: 'ACCEPTED', assignments: ['ORDER_ACCEPTED'], schedules: [] }), {
    withinMs: 30_000,
  });
  return ids;
}

interface Assigned {
  readonly id: string;
  readonly scheduleId: string;
}

/** As many orders, as far as their trainers have been asked for them. */
async function assignedOrders(count: number): Promise<Assigned[]> {
  const ids = await acceptedOrders(count);
  await sideBySide(ids, 8, (id, index) => assignTrainer(manager, id, trainerOf(index).accountId));
  return eventually(
    async () => {
      const rows = await system.databases.query<{ id: string; scheduleId: string }>(
        'pt_trainers',
        'SELECT "orderId" AS id, "id" AS "scheduleId" FROM "PtSchedule" WHERE "orderId" = ANY($1)',
        [ids],
      );
      const schedules = new Map(rows.map(({ id, scheduleId }) => [id, scheduleId]));
      return schedules.size === count ? ids.map((id) => ({ id, scheduleId: schedules.get(id) as string })) : false;
    },
    { withinMs: 30_000 },
  );
}

/** What makes a race even, as of the last ones. */
let headStartMs = 40;

/**
 * Races that are close on any machine: a cancellation has farther to go, by events, and gets as much of a head start as makes it win every other time.
 * `overtaken` does what is raced against, and tells whether the cancellation was there first.
 */
function racing(overtaken: (index: number) => Promise<boolean>) {
  let won = 0;
  let lost = 0;
  return {
    async run(index: number, id: string): Promise<void> {
      const cancelled = cancelPtOrder(customerOf(index), id);
      await elapsed(headStartMs + (index % 7), 'the head start of the cancellation');
      const first = await overtaken(index);
      headStartMs = Math.max(1, headStartMs * (first ? 0.87 : 1.15));
      first ? won++ : lost++;
      await cancelled;
    },
    /** How many cancellations came first, and how many second. */
    close(): void {
      console.log(
        `of ${won + lost} cancellations ${won} came first, ${lost} second (head start in the end: ${Math.round(headStartMs)} ms)`,
      );
      expect(Math.min(won, lost) / (won + lost), 'the races were close').toBeGreaterThanOrEqual(0.05);
    },
  };
}

/** Whether that is why it was refused; no other reason will do. */
function refusedBy({ errors = [] }: Answer<unknown>, code: string): boolean {
  for (const { extensions } of errors) expect(extensions.code).toBe(code);
  return errors.length > 0;
}

const expectAllTo = (ids: readonly string[], ...outcomes: PtOutcome[]) =>
  eventually(() => expectPtOutcomes(system, ids, ...outcomes), { withinMs: 30_000, everyMs: 200 });

test('two hundred cancellations race the assignment: assignment and schedule end cancelled, never one alone', async () => {
  let ids: string[] = [];
  const all: string[] = [];
  const races = racing(async (index) =>
    refusedBy(await tryToAssign(manager, ids[index] as string, trainerOf(index).accountId), 'ORDER_CANCELLED'),
  );
  for (const _ of upTo(RACES / ROUND)) {
    ids = await acceptedOrders(ROUND);
    await whileTogether(manager, async () => {
      await sideBySide(ids, 8, (id, index) => races.run(index, id));
      await expectAllTo(ids, PT_CANCELLED);
    });
    all.push(...ids);
  }
  races.close();
  await untilQuiet(system);
  await expectPtOutcomes(system, all, PT_CANCELLED);
});

test('two hundred cancellations race the trainer’s confirmation: both end cancelled, never one alone, and the time is free', async () => {
  let orders: readonly Assigned[] = [];
  const all: string[] = [];
  const races = racing(async (index) => {
    const { scheduleId } = orders[index] as Assigned;
    return refusedBy(await tryToConfirmSchedule(trainerOf(index), scheduleId, slot(all.length + index)), 'SCHEDULE_CANCELLED');
  });
  for (const _ of upTo(RACES / ROUND)) {
    orders = await assignedOrders(ROUND);
    const ids = orders.map(({ id }) => id);
    await whileTogether(manager, async () => {
      await sideBySide(ids, 8, (id, index) => races.run(index, id));
      await expectAllTo(ids, PT_CANCELLED);
    });
    all.push(...ids);
  }
  races.close();
  await untilQuiet(system);
  await expectPtOutcomes(system, all, PT_CANCELLED);
  await sideBySide(upTo(trainers.length), 2, (index) => confirmed(customerOf(index), manager, trainerOf(index), slot(index)));
});

test('twenty cancellations race the result: either all is cancelled, or the lesson has been held and the cancellation is refused', async () => {
  const teachers = await sideBySide(upTo(20), 4, () => newTrainer(system, admin));
  const lessons = await sideBySide(teachers, 8, (trainer, index) => confirmed(customerOf(index), manager, trainer));
  const ids = lessons.map(({ id }) => id);
  const races = racing(async (index) =>
    refusedBy(await tryToPostResult(teachers[index] as Person, lessons[index]?.scheduleId as string), 'SCHEDULE_CANCELLED'),
  );
  await whileTogether(manager, async () => {
    await sideBySide(ids, 4, (id, index) => races.run(index, id));
    await expectAllTo(ids, PT_CANCELLED, PT_TAUGHT);
  });
  races.close();
  const outcomes = await ptOutcomes(system, ids);
  for (const [index, id] of ids.entries()) {
    const reason = outcomes.get(id)?.order === 'COMPLETED' ? 'LESSON_RESULT_POSTED' : null;
    expect(await cancelPtOrder(customerOf(index), id)).toMatchObject({ cancellationRejectedReason: reason });
  }
});

test('afterwards each row of the page and each message is there once', async () => {
  await untilQuiet(system);
  await expectEachPageRowOnce(system);
  await expectEachMessageOnce(system);
  expect(await deadLetters(await system.broker())).toBe(0);
});
