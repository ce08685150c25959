import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectEachMessageOnce, expectEachPageRowOnce } from '../harness/effects.ts';
import { CARD, demo, newCustomer } from '../harness/people.ts';
import { untilQuiet } from '../harness/quiet.ts';
import { type System, startSystem } from '../harness/system.ts';
import { apply, becomes, cancel, complete, PAID, statusOf, watchApplications } from '../harness/textbooks.ts';
import { sideBySide, upTo } from '../harness/until.ts';

let system: System;

beforeAll(async () => {
  system = await startSystem({ processes: ['my-pages', 'notifications'] });
});
afterAll(() => system?.stop());

test('while my-pages and notifications are stopped nothing else notices; they catch up afterwards, each row and message once', async () => {
  const [student, poor, manager] = [
    await newCustomer(system),
    await newCustomer(system, { card: CARD.declined }),
    await demo(system, 'manager'),
  ];
  await untilQuiet(system);
  for (const name of ['my-pages', 'notifications']) await system.madang.halt(name);

  const changes = await watchApplications(student);
  const delivered = await apply(student);
  const { delivery } = await becomes(student, delivered.id, 'DELIVERING');
  await complete(manager, delivery?.id as string);
  await changes.are(statusOf, ['APPLIED', 'PAID', 'DELIVERING', 'DELIVERED']);
  expect(await cancel(student, delivered.id)).toMatchObject({ cancellationRejectedReason: 'ALREADY_DELIVERED' });
  const cancelled = await apply(student);
  await cancel(student, cancelled.id);
  await becomes(student, cancelled.id, 'CANCELLED');
  const rejected = await apply(poor);
  expect(rejected.status).toBe('REJECTED');
  await student.registerCard('5555555555554444');
  const kept = await sideBySide(upTo(20), 4, () => apply(student));
  for (const { status } of kept) expect(PAID).toContain(status);
  for (const { id } of kept) await becomes(student, id, 'DELIVERING');
  const { extensions } = await student.refusal('{ myPage { paymentMethods { edges { node { id } } } } }');
  expect(extensions).toMatchObject({ code: 'TRY_AGAIN_LATER', retryAfterSeconds: expect.any(Number) });

  for (const name of ['my-pages', 'notifications']) await system.madang.restart(name);
  await untilQuiet(system);
  await expectEachPageRowOnce(system);
  await expectEachMessageOnce(system);
  const page = await student.data(
    `{ myPage { textbookApplications(first: 100) { edges { node { id status paymentStatus deliveryStatus } } } paymentMethods { edges { node { maskedNumber isDefault } } } } }`,
  );
  const onTheirWay = kept.map(({ id }) => ({
    node: { id, status: 'DELIVERING', paymentStatus: 'APPROVED', deliveryStatus: 'DELIVERING' },
  }));
  expect(page).toEqual({
    myPage: {
      textbookApplications: {
        edges: [
          ...onTheirWay.toSorted((a, b) => (a.node.id < b.node.id ? 1 : -1)),
          { node: { id: cancelled.id, status: 'CANCELLED', paymentStatus: 'CANCELLED', deliveryStatus: 'CANCELLED' } },
          { node: { id: delivered.id, status: 'DELIVERED', paymentStatus: 'APPROVED', deliveryStatus: 'DELIVERED' } },
        ],
      },
      paymentMethods: {
        edges: [
          { node: { maskedNumber: '****-****-****-4444', isDefault: false } },
          { node: { maskedNumber: '****-****-****-4242', isDefault: true } },
        ],
      },
    },
  });
});
