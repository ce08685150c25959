import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REPOSITORY } from '../../tools/start/settings.ts';
import { cancelReservation, cleaningOf, completeCleaning, confirm, reservationBecomes, reserve } from '../harness/cleaning.ts';
import { expectEachMessageOnce, expectEachPageRowOnce } from '../harness/effects.ts';
import { COFFEE, earn, exchange, giftOf, useUp } from '../harness/gifts.ts';
import { giveBack, purchase, register, rent } from '../harness/kickboards.ts';
import { demo, newCustomer, type Person } from '../harness/people.ts';
import { assigned, cancelPtOrder, confirmSchedule, newTrainer, postResult } from '../harness/pt.ts';
import { untilQuiet } from '../harness/quiet.ts';
import { PATIENT_EDGES, type System, startSystem } from '../harness/system.ts';
import { apply, becomes, cancel, complete } from '../harness/textbooks.ts';
import { sideBySide, upTo } from '../harness/until.ts';

const PAGE = `{ myPage {
  textbookApplications(first: 100) { edges { node { id status amount paymentStatus refunded deliveryStatus appliedAt paidAt deliveredAt cancelledAt updatedAt } } }
  paymentMethods { edges { node { id maskedNumber isDefault updatedAt } } }
  cleaningReservations { edges { node { id status paymentStatus cleaningStatus cleaningAtInSeoul updatedAt } } }
  tickets { edges { node { id status paymentStatus returnedAt updatedAt } } } remainingTickets
  ptOrders { edges { node { id status assignmentStatus scheduleStatus lessonAt result updatedAt } } }
  missionRecords { edges { node { id status points messageChannel messagedAt updatedAt } } }
  gifts { edges { node { id status title points usedAt updatedAt } } } } }`;

let system: System;
let students: Person[];

beforeAll(async () => {
  system = await startSystem({ env: PATIENT_EDGES });
  students = await sideBySide(upTo(4), 2, () => newCustomer(system));
});
afterAll(() => system?.stop());

/** `npm run rebuild -- my-pages`, with the servers of this system. */
async function rebuild(): Promise<string> {
  const { DATABASE_URL, NATS_URL } = system.madang.env;
  const env = { ...process.env, DATABASE_URL, NATS_URL };
  const child = spawn(process.execPath, [path.join(REPOSITORY, 'tools/rebuild/main.ts'), 'my-pages'], { env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const [code] = await once(child, 'exit');
  expect(code, output).toBe(0);
  return output;
}

/** All that my-pages keeps, row for row; `version` only guards writes. */
async function kept(): Promise<Record<string, unknown>> {
  const tables = await system.databases.query<{ name: string }>(
    'my_pages',
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_name LIKE '%Row' ORDER BY 1`,
  );
  const rows = await sideBySide(tables, 2, async ({ name }) => [
    name,
    await system.databases.query('my_pages', `SELECT to_jsonb(t) - 'version' AS row FROM "${name}" t ORDER BY "id"`),
  ]);
  return Object.fromEntries(rows);
}

const pages = async () => sideBySide([...students, await demo(system, 'customer')], 2, (person) => person.data(PAGE));

test('my-pages is rebuilt from scratch while the system runs: the same rows, wrong ones put right, every query answered', async () => {
  const manager = await demo(system, 'manager');
  const applied = await sideBySide(upTo(18), 4, async (index) => {
    const student = students[index % students.length] as Person;
    return { student, ...(await apply(student)) };
  });
  await sideBySide(applied, 4, async ({ student, id }, index) => {
    const { delivery } = await becomes(student, id, 'DELIVERING');
    if (index % 3 === 0) await complete(manager, delivery?.id as string);
    if (index % 3 === 1) await cancel(student, id);
  });
  const admin = await demo(system, 'admin');
  await sideBySide(students, 2, async (student, index) => {
    const { id } = await reserve(student);
    const cleaning = await cleaningOf(student, id);
    if (index % 2 === 0) {
      await confirm(manager, cleaning);
      await completeCleaning(manager, cleaning);
      await reservationBecomes(student, id, 'DONE');
    } else await cancelReservation(student, id);
    const [ticket] = [await purchase(student), await purchase(student)];
    const rental = await rent(student, (await register(admin)).id, ticket.id);
    if (index % 2 === 0) await giveBack(student, rental.id);
    const trainer = await newTrainer(system, admin);
    const lesson = await assigned(student, manager, trainer);
    await confirmSchedule(trainer, lesson.scheduleId);
    if (index % 2 === 0) await postResult(trainer, lesson.scheduleId);
    else await cancelPtOrder(student, lesson.id);
    await earn(student, admin, 2 * COFFEE.points);
    const [used] = [await exchange(student, COFFEE.id), await exchange(student, COFFEE.id)];
    await useUp(student, (await giftOf(student, used.id)).id);
  });
  await students[0]?.registerCard('5555555555554444');
  await untilQuiet(system);
  const [rows, shown] = [await kept(), await pages()];

  expect(await rebuild()).toMatch(/my-pages: \d+ events read, \d+ rows, 0 differed/);
  expect(await kept()).toEqual(rows);
  expect(await pages()).toEqual(shown);

  await system.databases.query(
    'my_pages',
    `UPDATE "TextbookApplicationRow" SET "status" = 'EXPIRED', "paymentStatus" = NULL WHERE "status" = 'CANCELLED'`,
  );
  for (const table of ['PaymentMethodRow', 'TicketRow', 'GiftRow']) await system.databases.query('my_pages', `DELETE FROM "${table}"`);
  await system.databases.query('my_pages', `UPDATE "CleaningReservationRow" SET "cleaningId" = NULL, "place" = '?'`);
  await system.databases.query('my_pages', `UPDATE "PtOrderRow" SET "result" = '?', "scheduleStatus" = NULL`);
  await system.databases.query('my_pages', `UPDATE "MissionRecordRow" SET "points" = 1, "messageId" = NULL`);
  expect(await kept()).not.toEqual(rows);
  expect(await rebuild()).toMatch(/ rows, [1-9]\d* differed/);
  expect(await kept()).toEqual(rows);
  expect(await pages()).toEqual(shown);

  await system.databases.query('my_pages', `UPDATE "TextbookApplicationRow" SET "amount" = 1, "bookTitle" = '?'`);
  const other = await newCustomer(system);
  let goesOn = true;
  let answered = 0;
  const ongoing = Promise.all([
    ...upTo(2).map(async () => {
      for (; goesOn; answered++) {
        const page = await other.data<{ myPage: unknown }>(PAGE);
        expect(page.myPage).toBeTruthy();
      }
    }),
    (async () => {
      while (goesOn) {
        const { id } = await apply(other);
        await becomes(other, id, 'DELIVERING');
      }
    })(),
  ]);
  ongoing.catch(() => {});
  try {
    for (const _ of upTo(2)) await rebuild();
  } finally {
    goesOn = false;
    await ongoing;
  }
  expect(answered).toBeGreaterThan(0);
  await untilQuiet(system);
  await expectEachPageRowOnce(system);
  await expectEachMessageOnce(system);
  expect(await pages()).toEqual(shown);
  expect(await rebuild()).toContain(' 0 differed');
});
