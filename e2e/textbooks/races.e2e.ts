import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectEachMessageOnce, expectEachPageRowOnce } from '../harness/effects.ts';
import { expectLedgerToEqualPayments } from '../harness/ledger.ts';
import { CANCELLED, expectOutcomes, NEVER_SENT } from '../harness/outcome.ts';
import { demo, newCustomer, type Person } from '../harness/people.ts';
import { untilQuiet } from '../harness/quiet.ts';
import { PATIENT_EDGES, type System, startSystem } from '../harness/system.ts';
import { type ApplicationChange, apply, becomes, cancel, watchApplications } from '../harness/textbooks.ts';
import { elapsed, eventually, sideBySide, upTo } from '../harness/until.ts';

let system: System;
let students: readonly Person[];
const RACES = 200;
const studentOf = (index: number) => students[index % students.length] as Person;

beforeAll(async () => {
  system = await startSystem({ env: PATIENT_EDGES });
  students = await sideBySide(upTo(8), 2, () => newCustomer(system));
});
afterAll(() => system?.stop());

/** Applications whose money is going back, or is back, while the books are on their way. */
async function impossible(): Promise<string[]> {
  const { databases } = system;
  const givenBack = await databases.query<{ id: string }>(
    'payments',
    `SELECT "reference" AS id FROM "Payment" WHERE "context" = 'applications' AND "status" IN ('CANCELLING', 'CANCELLED')`,
  );
  const running = await databases.query<{ id: string }>(
    'deliveries',
    `SELECT "applicationId" AS id FROM "Delivery" WHERE "status" = 'DELIVERING' AND "applicationId" = ANY($1)`,
    [givenBack.map(({ id }) => id)],
  );
  return running.map(({ id }) => id);
}

const expectAllCancelled = (ids: readonly string[]) => expectOutcomes(system, new Map(ids.map((id) => [id, [CANCELLED, NEVER_SENT]])));

/** Looks all the while that the task takes. */
async function whileNothingIsImpossible<Result>(task: () => Promise<Result>): Promise<Result> {
  let over = false;
  const seen = new Set<string>();
  const watching = (async () => {
    while (!over) {
      for (const id of await impossible()) seen.add(id);
      await elapsed(10, 'between two looks');
    }
  })();
  const result = await task().finally(() => {
    over = true;
  });
  await watching;
  expect([...seen], 'deliveries that ran for a cancelled payment').toEqual([]);
  return result;
}

test('two hundred cancellations race the start of the delivery: no delivery ever runs for a cancelled payment, and all end cancelled', async () => {
  const ids = await whileNothingIsImpossible(async () => {
    const races = await sideBySide(students, students.length, async (student) => {
      const changes = await watchApplications(student);
      const cancelled: string[] = [];
      for (const index of upTo(RACES / students.length)) {
        const answer = apply(student);
        // Every second one is cancelled as soon as it is there, while it is still being paid; the others from being paid on.
        const isNew = ({ status, application }: ApplicationChange) => status === 'APPLIED' && !cancelled.includes(application?.id ?? '');
        const id = index % 2 === 0 ? (await changes.one(isNew)).application?.id : (await answer).id;
        await elapsed(index % 6, 'the head start of payment and delivery');
        expect((await cancel(student, id as string)).status).toMatch(/^CANCELL(ING|ED)$/);
        cancelled.push((await answer).id);
      }
      return cancelled;
    });
    await eventually(() => expectAllCancelled(races.flat()), { withinMs: 30_000, everyMs: 200 });
    return races.flat();
  });
  await untilQuiet(system);
  await expectAllCancelled(ids);
  expect(new Set(ids).size).toBe(RACES);
  const deliveries = (where: string) => system.databases.count('deliveries', `SELECT count(*) FROM "Delivery" WHERE ${where}`);
  const [begun, before] = [await deliveries('"startedAt" IS NOT NULL'), await deliveries('"startedAt" IS NULL')];
  console.log(
    `of ${RACES} cancellations ${begun} came after the start of the delivery, ${before} before, ${RACES - begun - before} before the payment`,
  );
  await expectLedgerToEqualPayments(system);
  await expectEachPageRowOnce(system);
  await expectEachMessageOnce(system);
});

test('fifty cancellations race the end of the delivery: either both are cancelled or it is delivered and the payment stands', async () => {
  const manager = await demo(system, 'manager');
  const ids = await whileNothingIsImpossible(() =>
    sideBySide(upTo(50), 8, async (index) => {
      const student = studentOf(index);
      const { id } = await apply(student);
      const { delivery } = await becomes(student, id, 'DELIVERING');
      const COMPLETE = 'mutation($id: ID!) { completeDelivery(input: { deliveryId: $id }) { status } }';
      await Promise.all([cancel(student, id), manager.ask(COMPLETE, { id: delivery?.id })]);
      return id;
    }),
  );
  const delivered = { application: 'DELIVERED', payments: ['APPROVED'], deliveries: ['DELIVERED'] } as const;
  await untilQuiet(system);
  await expectOutcomes(system, new Map(ids.map((id) => [id, [CANCELLED, delivered]])));
  await expectLedgerToEqualPayments(system);
  await expectEachPageRowOnce(system);
});
