import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectLedgerToEqualPayments } from '../harness/ledger.ts';
import { CANCELLED, ON_ITS_WAY, type Outcome, outcomesOf } from '../harness/outcome.ts';
import { CARD, newCustomer, type Person } from '../harness/people.ts';
import { untilQuiet } from '../harness/quiet.ts';
import { type System, startSystem } from '../harness/system.ts';
import { apply, BOOK, becomes, cancel, statusOf, watchApplications } from '../harness/textbooks.ts';
import { eventually } from '../harness/until.ts';

let system: System;
let student: Person;

beforeAll(async () => {
  system = await startSystem({ processes: ['deliveries'] });
  student = await newCustomer(system);
});
afterAll(() => system?.stop());

const outcomeOf = async (id: string): Promise<Outcome | undefined> => (await outcomesOf(system, [id])).get(id);
const becomesOutcome = (id: string, outcome: Outcome) =>
  eventually(async () => expect(await outcomeOf(id)).toEqual(outcome), { withinMs: 30_000 });

test('while deliveries are stopped, students apply and pay as ever; the deliveries start when they are back', async () => {
  await system.madang.halt('deliveries');
  const fresh = await newCustomer(system);
  const changes = await watchApplications(fresh);
  const { id, status } = await apply(fresh, { quantity: 2 });
  expect(status).toBe('PAID');
  await changes.are(statusOf, ['APPLIED', 'PAID']);

  const { id: rejected } = await apply(await newCustomer(system, { card: CARD.declined }));
  expect(await outcomeOf(rejected)).toEqual({ application: 'REJECTED', payments: ['DECLINED'], deliveries: [] });
  const { me, books } = await fresh.data<{ me: object; books: { edges: unknown[] } }>(`{ books { edges { node { title } } } me {
    textbookApplications { edges { node { id status payment { status } delivery { status } } } } payments { edges { node { status } } }
    paymentMethods { edges { node { isDefault } } } myPage { paymentMethods { edges { node { isDefault } } } } messages { edges { node { id } } } } }`);
  expect(books.edges.length).toBeGreaterThan(1);
  expect(me).toMatchObject({
    textbookApplications: { edges: [{ node: { id, status: 'PAID', payment: { status: 'APPROVED' }, delivery: null } }] },
    payments: { edges: [{ node: { status: 'APPROVED' } }] },
  });

  await system.madang.restart('deliveries');
  await becomesOutcome(id, ON_ITS_WAY);
  expect((await becomes(fresh, id, 'DELIVERING')).delivery).toMatchObject({ status: 'DELIVERING', title: BOOK.title });
  await changes.are(statusOf, ['APPLIED', 'PAID', 'DELIVERING']);
});

test('who asks for deliveries while they are stopped is told to try again later, and gets the rest', async () => {
  const { id } = await apply(student);
  await becomes(student, id, 'DELIVERING');
  await system.madang.halt('deliveries');
  const { data, errors } = await student.ask(
    'query($id: ID!) { textbookApplication(id: $id) { status payment { status } delivery { status } } }',
    { id },
  );
  expect(data).toEqual({ textbookApplication: { status: 'DELIVERING', payment: { status: 'APPROVED' }, delivery: null } });
  expect(errors).toMatchObject([{ extensions: { code: 'TRY_AGAIN_LATER', retryAfterSeconds: expect.any(Number) } }]);
  await system.madang.restart('deliveries');
});

test('an application that is cancelled while deliveries are stopped is CANCELLING; neither is cancelled until they are back, then both are', async () => {
  const { id: started } = await apply(student);
  await becomes(student, started, 'DELIVERING');
  const changes = await watchApplications(student);
  await system.madang.halt('deliveries');
  const { id: waiting, status } = await apply(student);
  expect(status).toBe('PAID');
  for (const id of [started, waiting]) expect((await cancel(student, id)).status).toBe('CANCELLING');

  const attempts = () =>
    system.databases.count('payments', `SELECT min(attempts) FROM kernel.intent WHERE kind = 'cancel-payment' HAVING count(*) = 2`);
  await eventually(async () => (await attempts()) >= 2, { withinMs: 20_000 });
  expect(await outcomeOf(started)).toEqual({ application: 'CANCELLING', payments: ['APPROVED'], deliveries: ['DELIVERING'] });
  expect(await outcomeOf(waiting)).toEqual({ application: 'CANCELLING', payments: ['APPROVED'], deliveries: [] });

  await system.madang.restart('deliveries');
  await becomesOutcome(started, CANCELLED);
  await becomesOutcome(waiting, CANCELLED);
  const of = (id: string) => changes.all.filter(({ application }) => application?.id === id).map(statusOf);
  await eventually(() => expect(of(started)).toEqual(['CANCELLING', 'CANCELLED']));
  await eventually(() => expect(of(waiting)).toEqual(['APPLIED', 'PAID', 'CANCELLING', 'CANCELLED']));
  await untilQuiet(system);
  expect([await outcomeOf(started), await outcomeOf(waiting)]).toEqual([CANCELLED, CANCELLED]);
  await expectLedgerToEqualPayments(system);
});
