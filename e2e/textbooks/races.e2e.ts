import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectEachMessageOnce, expectEachPageRowOnce } from '../harness/effects.ts';
import { expectLedgerToEqualPayments } from '../harness/ledger.ts';
import { CANCELLED, expectOutcomes } from '../harness/outcome.ts';
import { demo, newCustomer, type Person } from '../harness/people.ts';
import { untilQuiet } from '../harness/quiet.ts';
import { type System, startSystem } from '../harness/system.ts';
import { apply, becomes, cancel } from '../harness/textbooks.ts';
import { elapsed, eventually, sideBySide, upTo } from '../harness/until.ts';

let system: System;
let students: readonly Person[];
const studentOf = (index: number) => students[index % students.length] as Person;

beforeAll(async () => {
  system = await startSystem();
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

/** Looks all the while that the task takes. */
async function whileNothingIsImpossible<Result>(task: () => Promise<Result>): Promise<Result> {
  let over = false;
  const seen = new Set<string>();
  const watching = (async () => {
    while (!over) for (const id of await impossible()) seen.add(id);
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
    const applied = await sideBySide(upTo(200), 12, async (index) => {
      const student = studentOf(index);
      const { id } = await apply(student);
      // From at once to a little after the usual start.
      await elapsed((index % 20) * 2, 'the head start of the delivery');
      expect((await cancel(student, id)).status).toMatch(/^CANCELL(ING|ED)$/);
      return id;
    });
    await eventually(() => expectOutcomes(system, new Map(applied.map((id) => [id, [CANCELLED]]))), { withinMs: 30_000, everyMs: 200 });
    return applied;
  });
  await untilQuiet(system);
  await expectOutcomes(system, new Map(ids.map((id) => [id, [CANCELLED]])));
  const startedFirst = await system.databases.count('deliveries', 'SELECT count(*) FROM "Delivery" WHERE "startedAt" IS NOT NULL');
  console.log(`of 200 races the delivery had started in ${startedFirst}`);
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
