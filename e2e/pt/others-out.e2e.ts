import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { deadLetters } from '../harness/broker.ts';
import { expectEachMessageOnce, expectEachPageRowOnce } from '../harness/effects.ts';
import { demo, newCustomer, type Person } from '../harness/people.ts';
import {
  assigned,
  assignmentOf,
  cancelPtOrder,
  cancelPtOrderPatiently,
  confirmed,
  confirmSchedule,
  newTrainer,
  orderPt,
  PT_CLASS,
  postResult,
  ptBecomes,
  ptOrderBecomes,
  RESULT,
  readPtOrder,
  slot,
  watchPtOrders,
} from '../harness/pt.ts';
import { expectPtOutcomes, PT_CANCELLED, PT_TAUGHT, type PtOutcome } from '../harness/pt-outcomes.ts';
import { whileTogether } from '../harness/pt-togetherness.ts';
import { untilQuiet } from '../harness/quiet.ts';
import { PATIENT_EDGES, type System, startSystem } from '../harness/system.ts';
import { statusOf } from '../harness/textbooks.ts';
import { elapsed, eventually, sideBySide, timed, upTo } from '../harness/until.ts';

/** A customer is answered at once, whatever becomes of managers and trainers; what else this machine is doing is not promised about. */
const AT_ONCE_MS = 1_500;
/** From the moment that a killed process is back. */
const HEALED_WITHIN_MS = 30_000;
/** The three contexts of PT lessons. */
const PT = ['pt-orders', 'pt-managers', 'pt-trainers'];

let system: System;
let manager: Person;
let admin: Person;
let next = 0;

beforeAll(async () => {
  system = await startSystem({ processes: PT, env: { ...PATIENT_EDGES, PT_MANAGERS_TO_PT_TRAINERS_BREAKER_OPEN_MS: '1000' } });
  [manager, admin] = [await demo(system, 'manager'), await demo(system, 'admin')];
});
afterAll(() => system?.stop());

afterEach(async () => {
  await untilQuiet(system);
  await expectEachPageRowOnce(system);
  await expectEachMessageOnce(system);
  expect(await deadLetters(await system.broker())).toBe(0);
});

const customerAndTrainer = () => Promise.all([newCustomer(system, { card: null }), newTrainer(system, admin)]);
const each = (names: readonly string[], what: (name: string) => Promise<void>) => Promise.all(names.map(what));
const halt = (names: readonly string[]) => each(names, (name) => system.madang.halt(name));
const restart = (names: readonly string[]) => each(names, (name) => system.madang.restart(name));

async function accepted(customer: Person): Promise<string> {
  const { id } = await orderPt(customer);
  await ptOrderBecomes(customer, id, 'ACCEPTED');
  return id;
}

/** Orders that have come to each of the stages, from ACCEPTED on. */
async function atEveryStage(customer: Person, trainer: Person): Promise<string[]> {
  return [
    await accepted(customer),
    (await assigned(customer, manager, trainer)).id,
    (await confirmed(customer, manager, trainer, slot(next++))).id,
  ];
}

/** At once, and it is CANCELLING from then on. */
async function cancelAtOnce(customer: Person, id: string): Promise<void> {
  const { result, ms } = await timed(() => cancelPtOrder(customer, id));
  expect(result.status).toBe('CANCELLING');
  expect(ms).toBeLessThan(AT_ONCE_MS);
}

const expectAllTo = (ids: readonly string[], outcome: PtOutcome, withinMs = HEALED_WITHIN_MS) =>
  eventually(() => expectPtOutcomes(system, ids, outcome), { withinMs, everyMs: 100 });

test('while the managers are stopped a class is ordered; it is accepted once they are back', async () => {
  const customer = await newCustomer(system, { card: null });
  await halt(['pt-managers']);
  const changes = await watchPtOrders(customer);
  const { result: order, ms } = await timed(() => orderPt(customer));
  expect(order).toMatchObject({ status: 'ORDERED', className: PT_CLASS.name });
  expect(ms).toBeLessThan(AT_ONCE_MS);
  expect(await customer.data('{ me { ptOrders { edges { node { id status } } } } }')).toEqual({
    me: { ptOrders: { edges: [{ node: { id: order.id, status: 'ORDERED' } }] } },
  });
  await restart(['pt-managers']);
  await ptOrderBecomes(customer, order.id, 'ACCEPTED', HEALED_WITHIN_MS);
  await changes.are(statusOf, ['ORDERED', 'ACCEPTED']);
  await assignmentOf(customer, order.id);
});

test('while the managers are stopped a lesson is confirmed and held; its order is completed, and they catch up', async () => {
  const [customer, trainer] = await customerAndTrainer();
  const { id, scheduleId } = await assigned(customer, manager, trainer);
  await halt(['pt-managers']);
  await confirmSchedule(trainer, scheduleId);
  await postResult(trainer, scheduleId);
  await ptOrderBecomes(customer, id, 'COMPLETED');
  expect(await cancelPtOrder(customer, id)).toMatchObject({
    status: 'COMPLETED',
    cancellationRejectedReason: 'LESSON_RESULT_POSTED',
  });
  await restart(['pt-managers']);
  await expectAllTo([id], PT_TAUGHT);
});

/** What an order is that waits for those who are stopped. */
const WAITING: Readonly<Record<string, string>> = {
  'pt-managers': `NOT IN ('ORDER_CANCEL_ACCEPTED', 'CANCELLED')`,
  'pt-trainers': `= 'ORDER_CANCEL_ACCEPTED'`,
};

test.for([['pt-managers'], ['pt-trainers'], ['pt-managers', 'pt-trainers']].map((names) => [names.join(' and '), names] as const))(
  'while %s are stopped an order is cancelled at every stage, at once; afterwards assignment and schedule are cancelled together',
  async ([, stopped]) => {
    const [customer, trainer] = await customerAndTrainer();
    const ids = await atEveryStage(customer, trainer);
    await whileTogether(manager, async () => {
      await halt(stopped);
      ids.push((await orderPt(customer)).id);
      for (const id of ids) await cancelAtOnce(customer, id);
      const assignments = (where: string) =>
        system.databases.count('pt_managers', `SELECT count(*) FROM "TrainerAssignment" WHERE "orderId" = ANY($1) AND "status" ${where}`, [
          ids,
        ]);
      const known = stopped.includes('pt-managers') ? ids.length - 1 : ids.length;
      await eventually(async () => expect(await assignments(WAITING[stopped[0] as string] as string)).toBe(known));
      for (const id of ids) expect((await readPtOrder(customer, id)).status).toBe('CANCELLING');
      await restart(stopped);
      for (const id of ids) await ptOrderBecomes(customer, id, 'CANCELLED', HEALED_WITHIN_MS);
      await expectAllTo(ids, PT_CANCELLED);
    });
    await confirmed(customer, manager, trainer, slot(next - 1));
  },
);

test('kill -9 of the managers between the schedule’s cancellation and the assignment’s: both are cancelled within 30 s of their return', async () => {
  const [customer, trainer] = await customerAndTrainer();
  const ids = await atEveryStage(customer, trainer);
  await whileTogether(manager, async () => {
    await system.madang.kill('pt-trainers', 'SIGSTOP');
    for (const id of ids) await cancelAtOnce(customer, id);
    const asked: PtOutcome['assignments'] = ['ORDER_CANCEL_ACCEPTED'];
    const assignments = (id: string) =>
      system.databases.query<{ status: string }>('pt_managers', 'SELECT "status"::text FROM "TrainerAssignment" WHERE "orderId" = $1', [
        id,
      ]);
    for (const id of ids) await eventually(async () => expect((await assignments(id)).map(statusOf)).toEqual(asked));
    await elapsed(500, 'the calls arrive at the trainers, who are not answering');
    await system.madang.kill('pt-managers');
    await system.madang.kill('pt-trainers', 'SIGCONT');
    await expectAllTo(ids, { order: 'CANCELLING', assignments: asked, schedules: ['CANCELLED'] });
    await system.madang.restart('pt-managers');
    await expectAllTo(ids, PT_CANCELLED);
    for (const id of ids) await ptBecomes(customer, id, { order: 'CANCELLED', assignment: 'CANCELLED', schedule: 'CANCELLED' });
  });
});

test('kill -9 of managers, of trainers, of orders and of all three, each amid cancellations: all end cancelled within 30 s, never one alone', async () => {
  const [customer, trainer] = await customerAndTrainer();
  for (const victims of [['pt-managers'], ['pt-trainers'], PT]) {
    const ids = (await sideBySide(upTo(12), 4, () => assigned(customer, manager, trainer))).map(({ id }) => id);
    await whileTogether(manager, async () => {
      let done = 0;
      const cancelling = sideBySide(ids, 4, async (id) => {
        await cancelPtOrderPatiently(customer, id);
        done++;
      });
      await eventually(() => done >= ids.length / 4, { everyMs: 2 });
      await each(victims, (name) => system.madang.kill(name));
      await restart(victims);
      const { ms } = await timed(async () => {
        await cancelling;
        await expectAllTo(ids, PT_CANCELLED);
      });
      console.log(`${victims.join(', ')}: all cancelled ${(ms / 1_000).toFixed(1)} s after the return`);
    });
  }
});

test('managers see assignments and schedules, customers their results, by my-pages alone: with all three PT contexts stopped', async () => {
  const [customer, trainer] = await customerAndTrainer();
  const taught = await confirmed(customer, manager, trainer);
  await postResult(trainer, taught.scheduleId);
  await ptOrderBecomes(customer, taught.id, 'COMPLETED');
  const kept = await confirmed(customer, manager, trainer, slot(next));
  const cancelled = await accepted(customer);
  await cancelPtOrder(customer, cancelled);
  await ptOrderBecomes(customer, cancelled, 'CANCELLED');
  await untilQuiet(system);
  await halt(PT);

  const FIELDS =
    'id status className assignmentStatus scheduleStatus lessonAt result trainer { id } cancellationRejectedReason account { displayName }';
  const row = (id: string, status: string, assignmentStatus: string, scheduleStatus: string, more: object = {}) => {
    const of = { className: PT_CLASS.name, cancellationRejectedReason: null, account: { displayName: '김이투' } };
    return { node: { id, status, assignmentStatus, scheduleStatus, ...of, lessonAt: null, result: null, trainer: null, ...more } };
  };
  const by = { trainer: { id: trainer.accountId } };
  const rows = [
    row(cancelled, 'CANCELLED', 'CANCELLED', 'CANCELLED'),
    row(kept.id, 'CONFIRMED', 'ORDER_CONFIRMED', 'CONFIRMED', { ...by, lessonAt: slot(next) }),
    row(taught.id, 'COMPLETED', 'ORDER_CONFIRMED', 'RESULT_POSTED', { ...by, result: RESULT, lessonAt: expect.any(String) }),
  ];
  expect(await customer.data(`{ myPage { ptOrders { edges { node { ${FIELDS} } } } } }`)).toEqual({
    myPage: { ptOrders: { edges: rows } },
  });
  const everybodys = `{ operationsPage { ptOrders(first: 3) { edges { node { ${FIELDS} } } } } }`;
  expect(await manager.data(everybodys)).toEqual({ operationsPage: { ptOrders: { edges: rows } } });
  expect(await trainer.refusal(everybodys)).toMatchObject({ extensions: { code: 'FORBIDDEN' } });
  expect(await trainer.data('{ myPage { ptOrders { edges { node { id } } } } }')).toEqual({ myPage: { ptOrders: { edges: [] } } });
  await restart(PT);
});
