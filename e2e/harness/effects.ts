import { expect } from 'vitest';
import type { Context } from './databases.ts';
import { expectEachGiftRowOnce, expectEachMissionRowOnce, expectEachUseToldOnce } from './mission-outcomes.ts';
import { expectEachPtOrderRowOnce } from './pt-outcomes.ts';
import type { System } from './system.ts';

interface Told {
  readonly context: Context;
  readonly events: readonly string[];
  readonly unless?: string;
}

/** Events that a customer is told of, by a message each. */
const TOLD: readonly Told[] = [
  {
    context: 'applications',
    events: [
      'TextbookPaymentDeferred',
      'TextbookApplicationDelivering',
      'TextbookApplicationDelivered',
      'TextbookApplicationCancelled',
      'TextbookCancellationRejected',
      'TextbookApplicationRejected',
    ],
    unless: `(data->>'kept')::boolean IS FALSE`,
  },
  { context: 'payments', events: ['PaymentApproved', 'PaymentCancelled'], unless: `(data->>'refunded')::int = 0` },
  { context: 'payments', events: ['PaymentDeclined'], unless: `data->>'context' = 'applications'` },
  {
    context: 'payment_methods',
    events: ['PaymentMethodRegistered', 'PaymentMethodChanged', 'PaymentMethodRemoved'],
    unless: `data->>'change' = 'DEFAULT' AND NOT (data->>'isDefault')::boolean`,
  },
  {
    context: 'reservations',
    events: [
      'CleaningReserved',
      'CleaningReservationConfirmed',
      'CleaningReservationDone',
      'CleaningCancellationRejected',
      'CleaningReservationCancelled',
    ],
  },
  { context: 'tickets', events: ['TicketPurchased'] },
  { context: 'kickboards', events: ['KickboardRented', 'KickboardReturned'] },
  { context: 'pt_orders', events: ['PtOrderConfirmed', 'PtOrderCancelled', 'PtCancellationRejected'] },
  { context: 'pt_trainers', events: ['LessonResultPosted'] },
  { context: 'missions', events: ['MissionRewarded'] },
  { context: 'gifts', events: ['GiftActivated'] },
];

/** What may happen to the same thing again. */
const MAY_COME_AGAIN = /^PAYMENT_METHOD_(CHANGED|MADE_DEFAULT)/;

/** What has happened has been told, each of it in one message. For a system that is quiet. */
export async function expectEachMessageOnce(system: System): Promise<void> {
  const { databases } = system;
  const happened: string[] = [];
  for (const { context, events, unless } of TOLD) {
    const rows = await databases.query<{ id: string }>(
      context,
      `SELECT id::text FROM kernel.outbox WHERE split_part(type, '.', 3) = ANY($1) ${unless ? `AND NOT coalesce(${unless}, false)` : ''}`,
      [events],
    );
    happened.push(...rows.map(({ id }) => id));
  }
  const messages = await databases.query<{ id: string; what: string }>(
    'notifications',
    `SELECT "id"::text, concat_ws(' ', "template", "aboutType", "aboutId") AS what FROM "Message"`,
  );
  const told = new Set(messages.map(({ id }) => id));
  expect(
    happened.filter((id) => !told.has(id)),
    'events that nobody was told of',
  ).toEqual([]);
  const called = await expectEachUseToldOnce(system);
  expect(messages.length, 'messages of nothing').toBe(happened.length + called);
  const twice = messages.map(({ what }) => what).filter((what, at, all) => !MAY_COME_AGAIN.test(what) && all.indexOf(what) !== at);
  expect(twice, 'messages that came twice').toEqual([]);
}

interface Shown {
  readonly id: string;
  readonly is: string;
}

const byId = (rows: readonly Shown[]) => Object.fromEntries(rows.map(({ id, is }) => [id, is]));

/** The page has a row for every application, reservation, ticket, payment method, PT order, mission record and gift, and shows it as the contexts themselves keep it. For a system that is quiet. */
export async function expectEachPageRowOnce(system: System): Promise<void> {
  await expectEachApplicationRowOnce(system);
  await expectEachReservationRowOnce(system);
  await expectEachTicketRowOnce(system);
  await expectEachPaymentMethodRowOnce(system);
  await expectEachPtOrderRowOnce(system);
  await expectEachMissionRowOnce(system);
  await expectEachGiftRowOnce(system);
}

async function expectEachApplicationRowOnce({ databases }: System): Promise<void> {
  const [applications, payments, deliveries, rows] = await Promise.all([
    databases.query<{ id: string; status: string }>(
      'applications',
      'SELECT "id"::text, "status"::text FROM "TextbookApplication" WHERE "kept"',
    ),
    databases.query<{ of: string; is: string }>(
      'payments',
      `SELECT "reference" AS of, concat_ws(' ', "status", 'refunded', "refunded") AS is FROM "Payment" WHERE "context" = 'applications'`,
    ),
    databases.query<{ of: string; is: string }>('deliveries', 'SELECT "applicationId" AS of, "status"::text AS is FROM "Delivery"'),
    databases.query<{ id: string; is: string }>(
      'my_pages',
      `SELECT "id", concat_ws(', ', "status", coalesce(concat_ws(' ', "paymentStatus", 'refunded', "refunded"), ''), coalesce("deliveryStatus"::text, '')) AS is
       FROM "TextbookApplicationRow" WHERE NOT "hidden"`,
    ),
  ]);
  const payment = new Map(payments.map(({ of, is }) => [of, is]));
  const delivery = new Map(deliveries.map(({ of, is }) => [of, is]));
  const kept = applications.map(({ id, status }) => ({
    id,
    is: [status, payment.get(id) ?? 'refunded 0', delivery.get(id) ?? ''].join(', '),
  }));
  expect(byId(rows)).toEqual(byId(kept));
}

async function expectEachReservationRowOnce({ databases }: System): Promise<void> {
  const [reservations, payments, cleanings, rows] = await Promise.all([
    databases.query<{ id: string; status: string }>(
      'reservations',
      `SELECT "id"::text, "status"::text FROM "CleaningReservation" WHERE "status" NOT IN ('PENDING', 'DROPPED')`,
    ),
    databases.query<{ of: string; is: string }>(
      'payments',
      `SELECT "reference" AS of, concat_ws(' ', "id", "status", 'refunded', "refunded") AS is FROM "Payment" WHERE "context" = 'reservations'`,
    ),
    databases.query<{ of: string; is: string }>(
      'cleanings',
      `SELECT "reservationId" AS of, concat_ws(' ', "id", "status") AS is FROM "Cleaning"`,
    ),
    databases.query<{ id: string; is: string }>(
      'my_pages',
      `SELECT "id", concat_ws(', ', "status", concat_ws(' ', "paymentId", "paymentStatus", 'refunded', "refunded"), concat_ws(' ', "cleaningId", "cleaningStatus")) AS is
       FROM "CleaningReservationRow" WHERE "status" IS NOT NULL`,
    ),
  ]);
  const payment = new Map(payments.map(({ of, is }) => [of, is]));
  const cleaning = new Map(cleanings.map(({ of, is }) => [of, is]));
  const kept = reservations.map(({ id, status }) => ({ id, is: [status, payment.get(id), cleaning.get(id)].join(', ') }));
  expect(byId(rows)).toEqual(byId(kept));
}

async function expectEachTicketRowOnce({ databases }: System): Promise<void> {
  const [tickets, payments, rentals, rows] = await Promise.all([
    databases.query<{ id: string; status: string }>(
      'tickets',
      `SELECT "id"::text, "status"::text FROM "Ticket" WHERE "status" <> 'ORDERED'`,
    ),
    databases.query<{ of: string; is: string }>(
      'payments',
      `SELECT "reference" AS of, concat_ws(' ', "id", "status", 'refunded', "refunded") AS is FROM "Payment" WHERE "context" = 'tickets'`,
    ),
    databases.query<{ of: string; is: string }>(
      'kickboards',
      `SELECT "ticketId" AS of, concat_ws(' ', "id", "kickboardId", "returnedAt") AS is FROM "Rental" WHERE "status" <> 'CLAIMED'`,
    ),
    databases.query<{ id: string; is: string }>(
      'my_pages',
      `SELECT "id", concat_ws(', ', "status", concat_ws(' ', "paymentId", "paymentStatus", 'refunded', "refunded"), concat_ws(' ', "rentalId", "kickboardId", "returnedAt")) AS is
       FROM "TicketRow" WHERE "status" IS NOT NULL`,
    ),
  ]);
  const payment = new Map(payments.map(({ of, is }) => [of, is]));
  const rental = new Map(rentals.map(({ of, is }) => [of, is]));
  const kept = tickets.map(({ id, status }) => ({ id, is: [status, payment.get(id), rental.get(id)].join(', ') }));
  expect(byId(rows)).toEqual(byId(kept));
}

async function expectEachPaymentMethodRowOnce({ databases }: System): Promise<void> {
  const [methods, methodRows] = await Promise.all([
    databases.query<Shown & Record<string, unknown>>(
      'payment_methods',
      `SELECT m."id"::text, concat_ws(' ', m."kind", m."last4", o."defaultId" IS NOT DISTINCT FROM m."id") AS is
       FROM "PaymentMethod" m JOIN "Owner" o USING ("accountId") WHERE m."status" = 'REGISTERED'`,
    ),
    databases.query<Shown & Record<string, unknown>>(
      'my_pages',
      `SELECT "id", concat_ws(' ', "kind", right("maskedNumber", 4), "isDefault") AS is FROM "PaymentMethodRow" WHERE "removedAt" IS NULL`,
    ),
  ]);
  expect(byId(methodRows)).toEqual(byId(methods));
}
